"""One raw record of a feed, whatever its column names, to a Posting or a Rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from classifier.errors import PostingError
from classifier.schema import POSTING_FIELDS, Posting, Rejected

MAX_RECORD_BYTES = 16 * 1024 * 1024
"""A longer line, message, element or object is rejected unread."""
_RAW_CHARACTERS = 2000
"""How much of a rejected row is kept for a person to look at."""

# The contract's field, and the names under which feeds carry it (written with letters and digits only), best known first:
# the contract itself, EMSCAD, scrapers of Facebook groups (facebook-scraper, CrowdTangle, Apify, Graph API) and of job boards
# (JobSpy, Indeed, LinkedIn), JobStreet-like dumps, Indonesian, Chinese, Vietnamese and Thai headers.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "postid", "jobid", "adid", "messageid", "jobpostid", "guid", "key", "uuid", "legacyid", "jobkey",
           "referencenumber", "reference", "requisitionid", "vacancyid", "listingid", "externalid"),
    "title": ("title", "jobtitle", "position", "posttitle", "judul", "posisi", "lowongan", "headline", "role", "jobname",
              "positiontitle", "vacancytitle", "vacancy", "vacancyname", "jobposition", "namapekerjaan", "namalowongan",
              "jabatan", "judullowongan", "职位名称", "职位", "岗位", "職位", "職稱", "職務名稱", "職位名稱",
              "tiêuđề", "têncôngviệc", "vịtrí",
              "ตำแหน่ง", "ตำแหน่งงาน", "ชื่อตำแหน่ง"),
    "company": ("company", "companyname", "employer", "organization", "hiringorganization", "advertiser", "perusahaan",
                "namaperusahaan", "employername", "advertisername", "companytitle", "hiringorganizationname", "organisation",
                "公司名称", "公司", "公司名稱", "企业名称", "côngty", "têncôngty", "บริษัท"),
    "location": ("location", "joblocation", "place", "area", "lokasi", "workplace", "formattedlocation", "locationname",
                 "worklocation", "lokasikerja", "penempatan", "jobarea", "工作地点", "地点", "工作地點", "地點",
                 "địađiểm", "nơilàmviệc",
                 "สถานที่", "สถานที่ทำงาน"),
    "salary": ("salary", "salaryrange", "wage", "pay", "compensation", "gaji", "upah", "salarytext", "salarylabel",
               "salarysnippet", "formattedsalary", "salaryestimate", "kisarangaji", "payrate", "薪资", "工资", "薪水", "薪資",
               "mứclương", "lương", "เงินเดือน"),
    "description": (
        "description", "jobdescription", "desc", "text", "body", "content", "message", "posttext", "postcontent",
        "deskripsi", "isi", "caption", "fulltext", "details", "summary", "jobdetails", "advertisement", "ad",
        "descriptions", "descriptiontext", "descriptionhtml", "jobdesc", "postmessage", "postbody", "messagetext",
        "deskripsipekerjaan", "deskripsilowongan", "jobsummary", "snippet", "teaser", "sharedtext",
        "职位描述", "岗位职责", "描述", "職位描述", "工作內容", "môtả", "môtảcôngviệc", "nộidung", "รายละเอียด", "รายละเอียดงาน",
    ),
    "contact": ("contact", "contacts", "phone", "phonenumber", "telephone", "whatsapp", "telegram", "kontak", "email", "emails",
                "contactnumber", "contactphone", "contactemail", "phonenumbers", "mobile", "telp", "telepon", "nohp", "nowa",
                "notelp", "nomorwa", "nomortelepon", "whatsappnumber", "wa", "hp", "联系方式", "联系电话", "liênhệ", "ติดต่อ"),
    "url": ("url", "permalink", "permalinkurl", "posturl", "joburl", "link", "href", "applyurl", "postlink", "joblink",
            "jobpostingurl", "facebookurl", "joburldirect", "applicationurl", "detailurl"),
    "posted_at": ("postedat", "date", "posted", "postdate", "dateposted", "listingdate", "time", "timestamp", "createdat",
                  "published", "pubdate", "publishedat", "posteddate", "tanggal", "createdtime", "postcreated",
                  "postcreateddate", "posttime", "postedtime", "listedtime", "originallistedtime", "postingdate", "listedat",
                  "updated", "发布日期", "发布时间", "ngàyđăng"),
    "source": ("source", "group", "groupname", "channel", "site", "platform", "board", "sumber", "chat", "page", "grouptitle",
               "channelname", "chatname", "pagename", "sourcename", "grup", "namagrup"),
    "language": ("language", "lang", "locale", "inlanguage"),
}  # fmt: skip
# Columns that go on with the description: EMSCAD splits an ad into four texts, other boards into two or three.
_CONTINUED = ("companyprofile", "requirements", "qualifications", "responsibilities", "benefits", "skills", "perks", "kualifikasi")
# Columns that stand in, joined, for a location or a salary that has no column of its own.
_PLACE = ("district", "kecamatan", "city", "kota", "region", "state", "province", "provinsi", "country", "negara")
_PAY_LOW = ("salarymin", "minsalary", "minamount", "salaryfrom", "gajimin", "gajiminimum", "minimumsalary")
_PAY_HIGH = ("salarymax", "maxsalary", "maxamount", "salaryto", "gajimax", "gajimaksimum", "maximumsalary")
_PAY_CURRENCY = ("salarycurrency", "currency", "currencycode", "matauang")
_PAY_PERIOD = ("salaryperiod", "payperiod", "salarytype", "interval", "salaryunit", "payinterval")


def plain_name(name: object) -> str:
    """A column's name as the table above has it: lower case, letters and digits only."""
    return "".join(c for c in str(name).lower() if c.isalnum())


_FIELD_OF = {plain_name(alias): field for field, aliases in _ALIASES.items() for alias in aliases}
_RANK = {plain_name(alias): rank for aliases in _ALIASES.values() for rank, alias in enumerate(aliases)}
_POSTING_NAMES = frozenset(POSTING_FIELDS)
_MANY_NAMES = 300
"""The plan for a record with more names than this is not kept."""


def field_of(name: object) -> str | None:
    """The contract's field that a column of this name fills; `description` also for a column that goes on with it."""
    plain = plain_name(name)
    return "description" if plain in _CONTINUED else _FIELD_OF.get(plain)


def to_posting(record: object, file: str, line: int | None) -> Posting | Rejected:
    """A posting from one raw record, or why it is none."""
    try:
        if not isinstance(record, Mapping):
            raise PostingError(f"a posting is an object, not {type(record).__name__}")
        if not _POSTING_NAMES.issuperset(record):
            record = _with_our_names(record)
        return Posting.from_record(record)
    except PostingError as e:
        return rejected(file, line, str(e), record)


def rejected(file: str, line: int | None, cause: str, raw: object) -> Rejected:
    """A rejected row with as much of it as a person wants to see."""
    try:
        text = raw if isinstance(raw, str) else repr(raw)
    except RecursionError:
        text = "(nested too deeply to be shown)"
    text = text[:_RAW_CHARACTERS].encode("utf-8", "backslashreplace").decode()
    return Rejected(file, line, cause, text)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What becomes of the columns of one table; names are those of the record."""

    aside: tuple[str, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    """The contract's field, and the columns that may fill it, best first."""
    continued: tuple[str, ...]
    place: tuple[str, ...]
    pay: tuple[tuple[str, ...], ...]
    """Columns of the lowest and the highest pay, the currency and the period."""


@lru_cache(maxsize=512)
def _plan(names: tuple[str, ...]) -> _Plan:
    plain = {name: plain_name(name) for name in names}
    wanted = [name for name in names if not (name == "group" and "label" in names)]  # the group of a labelled posting
    fields: dict[str, list[str]] = {}
    for name in sorted((n for n in wanted if plain[n] in _FIELD_OF), key=lambda n: _RANK[plain[n]]):
        fields.setdefault(_FIELD_OF[plain[name]], []).append(name)

    def among(known: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted((n for n in names if plain[n] in known), key=lambda n: known.index(plain[n])))

    return _Plan(
        tuple(name for name in names if name not in _POSTING_NAMES),
        tuple((field, tuple(candidates)) for field, candidates in fields.items()),
        tuple(name for name in names if plain[name] in _CONTINUED),
        among(_PLACE),
        tuple(map(among, (_PAY_LOW, _PAY_HIGH, _PAY_CURRENCY, _PAY_PERIOD))),
    )


def _with_our_names(record: Mapping[Any, Any]) -> dict[str, Any]:
    """The record under the contract's names; of several names for one field the best known with content wins."""
    if not all(type(name) is str for name in record):
        record = {str(name): value for name, value in record.items()}
    names = tuple(record)
    plan = _plan(names) if len(names) <= _MANY_NAMES else _plan.__wrapped__(names)
    result: dict[str, Any] = {name: record[name] for name in plan.aside}  # kept, also when read as one of our fields
    for field, candidates in plan.fields:
        for name in candidates:
            if not _is_missing(value := record[name]):
                result[field] = value
                break
    if plan.continued:
        texts = [v for n in plan.continued if isinstance(v := record[n], str) and v.strip()]
        if texts and isinstance(first := result.get("description", ""), str):
            result["description"] = "\n".join(filter(None, [first, *texts]))
    if plan.place and "location" not in result and (place := _place(record, plan.place)):
        result["location"] = place
    if plan.pay[0] + plan.pay[1] and "salary" not in result and (pay := _pay(record, plan.pay)):
        result["salary"] = pay
    return result


def _is_missing(value: object) -> bool:
    return value is None or value == "" or value != value


def _place(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    parts = (str(record[name]).strip() for name in names if not _is_missing(record[name]))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _pay(record: Mapping[str, Any], columns: tuple[tuple[str, ...], ...]) -> str:
    """`IDR 5000000 - 7000000 per month` from columns that hold its parts."""

    def first(names: tuple[str, ...]) -> str:
        texts = (str(record[name]).strip() for name in names if not _is_missing(record[name]))
        return next((text.removesuffix(".0") for text in texts if text), "")

    low, high, currency, period = map(first, columns)
    return pay_text(low, high, currency, period)


_PERIODS = {"monthly": "month", "yearly": "year", "annual": "year", "annually": "year", "weekly": "week", "daily": "day",
            "hourly": "hour", "mon": "month", "ann": "year"}  # fmt: skip


def pay_text(low: str, high: str, currency: str = "", period: str = "") -> str:
    """A salary written out from its parts, of which each may be the empty string."""
    amount = " - ".join(dict.fromkeys(part for part in (low, high) if part not in ("", "0")))
    if not amount:
        return ""
    period = _PERIODS.get(period.lower(), period.lower())
    return " ".join(filter(None, [currency, amount, f"per {period}" if period else ""]))
