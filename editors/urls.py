"""Routes of the pages that are no answers of the API."""

from django.urls import path

from editors import account_pages

urlpatterns = [
    path("login", account_pages.LoginPage.as_view(), name="login-page"),
    path("password-reset", account_pages.PasswordResetPage.as_view(), name="password-reset-page"),
    path("logout", account_pages.LogoutPage.as_view(), name="logout-page"),
]
