"""Routes of feeds."""

from django.urls import path

from content.feeds import views

urlpatterns = [
    path("blogs.atom", views.BlogFeedView.as_view(), name="blog-feed"),
    path("programs.ics", views.ProgramCalendarView.as_view(), name="program-calendar"),
    path("sitemap.xml", views.SitemapView.as_view(), name="sitemap"),
]
