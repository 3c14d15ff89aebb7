"""The addresses of Twilio's Content API, for the account whose token a request carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, request

from sandbox.provider.accounts import Refused, account_of_request, refusing
from sandbox.provider.contents import Content, Contents, Unfit

_PAGE: Final = 50


def build_content_api(
    read_channels: Callable[[], Mapping[str, Mapping[str, Any]]], contents: Contents
) -> Blueprint:
    """The blueprint of `/twilio/v1/Content` and `/twilio/v1/ContentAndApprovals`."""
    api = Blueprint("content", __name__, url_prefix="/twilio/v1")
    refusing(api)

    def found(sid: str) -> Content:
        content = contents.find(account_of_request(read_channels()), sid)
        if content is None:
            raise Refused(20404)
        return content

    @api.post("/Content")
    def make() -> tuple[dict[str, Any], int]:
        account = account_of_request(read_channels())
        try:
            return contents.make(account, request.get_json(silent=True)).to_json(_root()), 201
        except Unfit as unfit:
            raise Refused(unfit.code) from None

    @api.get("/Content")
    def listed() -> dict[str, Any]:
        return page_of(account_of_request(read_channels()), "Content")

    @api.get("/ContentAndApprovals")
    def listed_with_approvals() -> dict[str, Any]:
        """The same with what WhatsApp says of each."""
        account = account_of_request(read_channels())
        page = page_of(account, "ContentAndApprovals")
        approvals = {one.sid: one.told_approval for one in contents.of(account)}
        for one in page["contents"]:
            one["approval_requests"] = approvals[one["sid"]]
        return page

    def page_of(account: str, what: str) -> dict[str, Any]:
        page, size = _number("Page", 0), min(_number("PageSize", _PAGE) or _PAGE, 500)
        held = contents.of(account)
        url = f"{_root()}/v1/{what}?PageSize={size}&Page="
        here = [one.to_json(_root()) for one in held[page * size : (page + 1) * size]]
        return {
            "contents": here,
            "meta": {
                "key": "contents",
                "page": page,
                "page_size": size,
                "url": f"{url}{page}",
                "first_page_url": f"{url}0",
                "previous_page_url": f"{url}{page - 1}" if page else None,
                "next_page_url": f"{url}{page + 1}" if len(held) > (page + 1) * size else None,
            },
        }

    @api.get("/Content/<sid>")
    def fetch(sid: str) -> dict[str, Any]:
        return found(sid).to_json(_root())

    @api.delete("/Content/<sid>")
    def remove(sid: str) -> tuple[str, int]:
        contents.remove(found(sid))
        return "", 204

    @api.post("/Content/<sid>/ApprovalRequests/whatsapp")
    def ask_approval(sid: str) -> tuple[dict[str, Any], int]:
        content, asked = found(sid), request.get_json(silent=True) or {}
        if not asked.get("name") or not asked.get("category"):
            raise Refused(20001)
        told = contents.show(content, str(asked["name"]), str(asked["category"]))
        return told | {"status": "received"}, 201

    @api.get("/Content/<sid>/ApprovalRequests")
    def approval(sid: str) -> dict[str, Any]:
        content = found(sid)
        return {
            "sid": content.sid,
            "account_sid": content.account,
            "url": f"{_root()}/v1/Content/{sid}/ApprovalRequests",
            "whatsapp": content.told_approval,
        }

    return api


def _root() -> str:
    return request.host_url.rstrip("/") + "/twilio"


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() else otherwise
