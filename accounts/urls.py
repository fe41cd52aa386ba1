"""Routes of accounts."""

from django.urls import path

from accounts.api import (
    admin_views,
    link_views,
    schema,  # noqa: F401 (extends the OpenAPI generator on import)
    session_views,
    views,
)

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="register"),
    path("auth/login", views.LoginView.as_view(), name="login"),
    path("auth/refresh", views.RefreshView.as_view(), name="refresh"),
    path("auth/logout", views.LogoutView.as_view(), name="logout"),
    path("auth/me", views.ProfileView.as_view(), name="profile"),
    path("auth/password", views.PasswordView.as_view(), name="password"),
    path("auth/password/reset", views.PasswordResetView.as_view(), name="password-reset"),
    path(
        "auth/password/reset/confirm",
        views.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("auth/email/confirm", link_views.EmailConfirmView.as_view(), name="email-confirm"),
    path("auth/email/resend", link_views.EmailResendView.as_view(), name="email-resend"),
    path(
        "auth/invitations/confirm",
        link_views.InvitationConfirmView.as_view(),
        name="invitation-confirm",
    ),
    path("auth/sessions", session_views.SessionListView.as_view(), name="sessions"),
    path("auth/sessions/<str:id>", session_views.SessionView.as_view(), name="session"),
    path("users", admin_views.UserListView.as_view(), name="users"),
    path("users/<str:id>", admin_views.UserView.as_view(), name="user"),
]
