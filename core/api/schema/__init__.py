"""The OpenAPI document, made from the views, their serializers and listings.

`operations` describes what is asked, `serializers` the bodies, `answers` what comes back around
them, `document` puts it together and serves it.
"""
