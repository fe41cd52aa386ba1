"""What fields, choices and places are called on the pages for people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LABELS = {
    # Places
    "programs": _("Programs"),
    "blogs": _("Blog"),
    "gallery": _("Gallery"),
    "partners": _("Partners"),
    "users": _("Users"),
    "auth": _("Account"),
    "me": _("Your profile"),
    "register": _("Register"),
    "login": _("Log in"),
    "logout": _("Log out"),
    "refresh": _("Refresh token"),
    "reset": _("Reset password"),
    "confirm": _("Confirm"),
    "docs": _("Documentation"),
    "redoc": _("Reference"),
    # Fields
    "title": _("Title"),
    "subtitle": _("Subtitle"),
    "name": _("Name"),
    "description": _("Description"),
    "content": _("Content"),
    "program_type": _("Type"),
    "image": _("Picture"),
    "logo": _("Logo"),
    "website_url": _("Website"),
    "start_date": _("Start"),
    "end_date": _("End"),
    "is_active": _("Active"),
    "is_admin": _("Admin"),
    "author": _("Author"),
    "created_at": _("Created"),
    "updated_at": _("Changed"),
    "version": _("Version"),
    "id": _("ID"),
    "email": _("E-mail"),
    "username": _("Username"),
    "full_name": _("Full name"),
    "password": _("Password"),
    "current_password": _("Current password"),
    "new_password": _("New password"),
    "search": _("Search"),
    "ordering": _("Order"),
    # Choices
    "all": _("All"),
    "human_library": _("Human library"),
    "workshop": _("Workshop"),
    "sosialisasi": _("Public outreach"),
    "seminar": _("Seminar"),
    "training": _("Training"),
}


def label(name: str) -> Any:
    """The label of a field, choice or place; without one, its name made readable."""
    return LABELS.get(name) or name.replace("_", " ").replace("-", " ").capitalize()
