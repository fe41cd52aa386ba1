"""Routes of the pages that are no answers of the API."""

from django.urls import path

from editors import account_pages, link_pages

urlpatterns = [
    path("login", account_pages.LoginPage.as_view(), name="login-page"),
    path("password-reset", link_pages.PasswordResetPage.as_view(), name="password-reset-page"),
    path("invitation", link_pages.InvitationPage.as_view(), name="invitation-page"),
    path("email-confirm", link_pages.EmailConfirmPage.as_view(), name="email-confirm-page"),
    path("password", account_pages.PasswordPage.as_view(), name="password-page"),
    path("logout", account_pages.LogoutPage.as_view(), name="logout-page"),
]
