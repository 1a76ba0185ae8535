"""All pages of 管理, put into the site."""

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from assistant.pages.admin import answer, backups, departments, gaps, people, state, terms
from assistant.pages.admin.frame import Admin, first_section
from assistant.pages.refusals import deny
from assistant.people.viewer import person_of
from assistant.queueing import WaitingLine
from assistant.services import Services


def add_admin_routes(site: FastAPI, services: Services, line: WaitingLine) -> None:
    """Nothing where the services have no office: they were put together for something else."""
    if services.office is None:
        return
    admin = Admin(services, services.office, line)

    @site.get("/admin")
    def begin(request: Request) -> Response:
        section = first_section(person_of(request))
        if section is None:
            deny(request.scope)
            raise HTTPException(404)
        return RedirectResponse(section, 303)

    gaps.add_routes(site, admin)
    answer.add_routes(site, admin)
    terms.add_routes(site, admin)
    state.add_routes(site, admin)
    if services.people:
        people.add_routes(site, admin, services.people)
        departments.add_routes(site, admin, services.people)
    if services.backups:
        backups.add_routes(site, admin, services.backups)
