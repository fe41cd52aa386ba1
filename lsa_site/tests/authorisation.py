"""Who gets which status where: one line for each method of each route.

`CONTENT` stands for each of the four resources. The columns are, in this order:

- nobody: no credentials at all
- contrib., author: who own nothing here
- owner: an author, whose the items are (but `mine` and `my-draft`, which belong to whoever asks)
- editor, admin
- gone: the token of a deactivated person; old: an expired one; ended: one whose session was ended

A single status is that of everybody. Any other method of a route is 405; whoever may not ask there
at all is told that instead.
"""

from typing import NamedTuple

COLUMNS = ["nobody", "contributor", "author", "owner", "editor", "admin", "gone", "old", "ended"]

TABLE = """
                                       nobody contr author owner editor admin  gone old ended

# What is public needs no credentials, and looks at none.
GET    CONTENT                            200
GET    CONTENT/{public}                   200
GET    CONTENT/by-slug/{slug}             200
GET    tags                               200
GET    blogs.atom                         200
GET    programs.ics                       200
GET    sitemap.xml                        200

# What is not public is not there, but for those who may change it. Bad credentials are told so
# where the public gets nothing.
GET    CONTENT?state=draft                401  200 200 200 200 200  401 401 401
GET    CONTENT?state=all                  401  200 200 200 200 200  401 401 401
GET    CONTENT?state=trashed              401  200 200 200 200 200  401 401 401
GET    CONTENT/{draft}                    404  404 404 200 200 200  401 401 401
GET    CONTENT/{trashed}                  404  404 404 404 404 404  401 401 401
GET    CONTENT/{my-draft}                 404  200 200 200 200 200  401 401 401

# Contributors write drafts, also where they ask for nothing. Authors publish what is theirs,
# editors and admins all.
POST   CONTENT                            401  201 201 201 201 201  401 401 401
POST   CONTENT[published]                 401  403 201 201 201 201  401 401 401
PUT    CONTENT/{public}                   401  403 403 200 200 200  401 401 401
PATCH  CONTENT/{public}                   401  403 403 200 200 200  401 401 401
DELETE CONTENT/{public}                   401  403 403 200 200 200  401 401 401
PUT    CONTENT/{draft}                    401  404 404 200 200 200  401 401 401
PATCH  CONTENT/{draft}                    401  404 404 200 200 200  401 401 401
PATCH  CONTENT/{draft}[published]         401  404 404 200 200 200  401 401 401
DELETE CONTENT/{draft}                    401  404 404 200 200 200  401 401 401
PATCH  CONTENT/{mine}                     401  403 200 200 200 200  401 401 401
DELETE CONTENT/{mine}                     401  403 200 200 200 200  401 401 401
PATCH  CONTENT/{my-draft}                 401  200 200 200 200 200  401 401 401
PATCH  CONTENT/{my-draft}[published]      401  403 200 200 200 200  401 401 401
DELETE CONTENT/{my-draft}                 401  200 200 200 200 200  401 401 401
PATCH  CONTENT/{trashed}                  401  404 404 404 404 404  401 401 401
DELETE CONTENT/{trashed}                  401  404 404 404 404 404  401 401 401
DELETE CONTENT/{trashed}?permanently=true 401  404 404 200 200 200  401 401 401
POST   CONTENT/{trashed}/restore          401  404 404 200 200 200  401 401 401
POST   CONTENT/{public}/preview           401  403 403 200 200 200  401 401 401
POST   CONTENT/{draft}/preview            401  404 404 200 200 200  401 401 401
GET    CONTENT/{public}/revisions         401  403 403 200 200 200  401 401 401
GET    CONTENT/{draft}/revisions          401  404 404 200 200 200  401 401 401
GET    CONTENT/{trashed}/revisions        401  404 404 200 200 200  401 401 401
GET    CONTENT/{public}/revisions/1       401  403 403 200 200 200  401 401 401
GET    CONTENT/{draft}/revisions/1        401  404 404 200 200 200  401 401 401
POST   CONTENT/{public}/revisions/1/restore 401 403 403 200 200 200 401 401 401
POST   CONTENT/{draft}/revisions/1/restore 401 404 404 200 200 200  401 401 401
POST   text/preview                       401  200 200 200 200 200  401 401 401

# Accounts: the ways in are open, the rest is one's own.
POST   auth/register                      201
POST   auth/login                         200
POST   auth/refresh                       200
POST   auth/password/reset                202
POST   auth/password/reset/confirm        400
POST   auth/email/confirm                 400
POST   auth/invitations/confirm           400
POST   auth/logout                        401  200 200 200 200 200  401 401 401
GET    auth/me                            401  200 200 200 200 200  401 401 401
PATCH  auth/me                            401  200 200 200 200 200  401 401 401
POST   auth/password                      401  200 200 200 200 200  401 401 401
POST   auth/email/resend                  401  202 202 202 202 202  401 401 401
GET    auth/sessions                      401  200 200 200 200 200  401 401 401
GET    auth/sessions/{my-session}         401  200 200 200 200 200  401 401 401
DELETE auth/sessions/{my-session}         401  200 200 200 200 200  401 401 401
GET    auth/sessions/{session}            401  404 404 404 404 404  401 401 401
DELETE auth/sessions/{session}            401  404 404 404 404 404  401 401 401

# For admins.
GET    users                              401  403 403 403 403 200  401 401 401
POST   users                              401  403 403 403 403 201  401 401 401
GET    users/{user}                       401  403 403 403 403 200  401 401 401
PATCH  users/{user}                       401  403 403 403 403 200  401 401 401
DELETE users/{user}                       401  403 403 403 403 200  401 401 401
GET    activity                           401  403 403 403 403 200  401 401 401
GET    webhooks                           401  403 403 403 403 200  401 401 401
POST   webhooks                           401  403 403 403 403 201  401 401 401
GET    webhooks/{webhook}                 401  403 403 403 403 200  401 401 401
PATCH  webhooks/{webhook}                 401  403 403 403 403 200  401 401 401
DELETE webhooks/{webhook}                 401  403 403 403 403 200  401 401 401
POST   webhooks/{webhook}/rotate-secret   401  403 403 403 403 200  401 401 401
GET    webhooks/{webhook}/health          401  403 403 403 403 200  401 401 401
POST   webhooks/{webhook}/test            401  403 403 403 403 200  401 401 401
POST   webhooks/{webhook}/redeliver       401  403 403 403 403 200  401 401 401
GET    webhooks/{webhook}/deliveries      401  403 403 403 403 200  401 401 401
GET    webhooks/{webhook}/deliveries/{delivery} 401 403 403 403 403 200 401 401 401
POST   webhooks/{webhook}/deliveries/{delivery}/redeliver 401 403 403 403 403 200 401 401 401

# Pages and documents. Pages know people by their cookie, not by a token.
GET    /                                  200
GET    openapi.json                       200
GET    docs                               200
GET    redoc                              200
GET    login                              200
GET    password-reset                     200
GET    invitation                         200
GET    email-confirm                      302
GET    password                           302
GET    health/live                        200
GET    health/ready                       200
GET    metrics                            200
GET    static/uploads/{file}              200
GET    media/uploads/{file}               200
"""

# Pages with a form, which take what is sent only with the page's own token.
FORMS = {"login", "password-reset", "invitation", "email-confirm", "password", "logout"}


class Line(NamedTuple):
    """`variant` says which of several bodies is sent."""

    method: str
    path: str
    variant: str
    statuses: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (f" {self.variant}" if self.variant else "")


def lines() -> list[Line]:
    [_header, *rows] = [
        row for row in TABLE.splitlines() if row.strip() and not row.startswith("#")
    ]
    return [_line(*row.split()) for row in rows]


def _line(method: str, path: str, *statuses: str) -> Line:
    path, _, variant = path.partition("[")
    given = tuple(map(int, statuses))
    everybody = given * len(COLUMNS) if len(given) == 1 else given
    assert len(everybody) == len(COLUMNS), path
    return Line(method, path.removeprefix("/"), variant.removesuffix("]"), everybody)
