#!/usr/bin/env python3
"""Fills the corpus with the answers of Python's Jinja2 (3.1).

Every .jsonl file beside this one holds a case {"source": ...} a line. Run `python3 make.py` after adding
some: `text` (what is printed), `value` (what a single expression comes to), `undefined` or `error` are written anew.
In differences.jsonl our own answer stands in `ours`, with the reason in `why` and its chapter in `about`; `plain` asks
Jinja2 as it comes. names.json gets every name that Jinja2 and Python offer, so that a test can ask what became of each.

The environment is Jinja2's own, except that values print in our text form (finalize) and that tojson writes plain
JSON; functions and filters that Jinja2 lacks are Python's standard library.
"""

import base64
import copy
import datetime
import hashlib
import json
import pathlib
import re
import types

import jinja2

HERE = pathlib.Path(__file__).parent
CONTEXT = json.loads((HERE / "context.json").read_text())
NOW = datetime.datetime(2024, 2, 29, 13, 4, 5, 678000, tzinfo=datetime.timezone.utc)


def plain(value):
    """A Python value as JSON."""
    if isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, range, types.GeneratorType)) or hasattr(value, "__next__"):
        return [plain(item) for item in value]
    if type(value).__name__ in ("dict_keys", "dict_values", "dict_items"):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise TypeError(f"{type(value)} has no JSON")


def text_form(value):
    """How we print a value."""
    if isinstance(value, jinja2.Undefined) or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float, datetime.timedelta)):
        return str(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return plain(value)
    return json.dumps(plain(value), ensure_ascii=False)


def tojson(value, indent=None):
    return json.dumps(plain(value), ensure_ascii=False, indent=indent)


def flags(multiline, ignorecase):
    return (re.M if multiline else 0) | (re.I if ignorecase else 0)


def regex_search(text, pattern, group=0, multiline=False, ignorecase=False):
    found = re.search(pattern, text, flags(multiline, ignorecase))
    return None if found is None else found.group(group)


def regex_findall(text, pattern, multiline=False, ignorecase=False):
    return re.findall(pattern, text, flags(multiline, ignorecase))


def regex_replace(text, pattern, replacement="", count=0, multiline=False, ignorecase=False):
    return re.sub(pattern, replacement, text, count=count, flags=flags(multiline, ignorecase))


def environment():
    env = jinja2.Environment(finalize=text_form, loader=jinja2.DictLoader({"other": "{% macro x() %}{% endmacro %}"}))
    env.globals.update(now=lambda: NOW, timedelta=datetime.timedelta)
    env.filters.update(
        tojson=tojson,
        parse_json=json.loads,
        hash=lambda text: hashlib.sha256(text.encode()).hexdigest()[:16],
        base64_encode=lambda text: base64.b64encode(text.encode()).decode(),
        base64_decode=lambda text: base64.b64decode(text).decode(),
        regex_search=regex_search,
        regex_findall=regex_findall,
        regex_replace=regex_replace,
    )
    return env


def answer(env, source):
    """What Jinja2 makes of a source."""
    try:
        text = env.from_string(source).render(**copy.deepcopy(CONTEXT))
        single = re.fullmatch(r"\s*\{\{(.*)\}\}\s*", source, re.S)
        if single is None or re.search(r"\}\}|\{%|\{#", single.group(1)):
            return {"text": text}
        expression = single.group(1).removeprefix("-").removesuffix("-")
        value = env.compile_expression(f"({expression})", undefined_to_none=False)(**copy.deepcopy(CONTEXT))
        if isinstance(value, jinja2.Undefined):
            return {"text": text, "undefined": True}
        return {"text": text, "value": plain(value)}
    except Exception as error:  # whatever goes wrong is the answer
        return {"error": type(error).__name__}


def names(env):
    """Every name that a template of Jinja2 can use."""
    methods = lambda kind: [name for name in dir(kind) if not name.startswith("_")]
    return {
        "filters": sorted(env.filters),
        "tests": sorted(env.tests),
        "functions": sorted(env.globals),
        "statements": sorted(jinja2.parser._statement_keywords | {"call", "filter", "raw"}),
        "methods": {kind.__name__: methods(kind) for kind in (str, list, dict, float)},
    }


def main():
    plain_env = jinja2.Environment()
    (HERE / "names.json").write_text(json.dumps(names(plain_env), indent=2) + "\n")
    env = environment()
    total = 0
    for path in sorted(HERE.glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text().splitlines()]
        for case in cases:
            kept = {key: case[key] for key in ("source", "about", "why", "plain", "ours") if key in case}
            case.clear()
            case.update(kept, **answer(plain_env if "plain" in kept else env, kept["source"]))
        path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))
        total += len(cases)
        print(f"{len(cases):4} {path.name}")
    print(f"{total:4} in all")


main()
