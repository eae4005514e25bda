#!/usr/bin/env python3
"""Writes generated.jsonl: every filter, test and method with every argument by place and by name, over samples of data.

The sources come from the tables below and from the signatures of Jinja2 itself, so that a filter with a new argument
is covered by running this again; `make.py` then fills in the answers. What we answer differently on purpose is kept
from one run to the next (`ours`, `why`).
"""

import inspect
import itertools
import json
import pathlib

import jinja2

HERE = pathlib.Path(__file__).parent
TARGET = HERE / "generated.jsonl"

TEXTS = ["'hello wide world'", "''", "'Zoë 😀 naïve'", "state.text"]
LISTS = ["state.words", "[]", "state.numbers", "(3, 1, 2)"]
ROWS = ["state.tasks"]
DICTS = ["state.scores", "{}"]
NUMBERS = ["42", "-3.7", "0", "2.5", "'17'", "true"]
ODD = ["none", "state.missing", "state.nested"]
# These take the text form of anything, where Jinja2 has Python's or an error: differences.jsonl has them.
OVER_TEXT = set(
    "capitalize center e escape forceescape indent lower safe string striptags title trim truncate upper urlencode wordcount wordwrap".split()
)

# What each filter is tried on, and values for each of its arguments (by the names that Jinja2 gives them).
FILTERS = {
    "abs": (NUMBERS[:4] + ["'x'"], {}),
    "attr": (["state", "state.nested"], {"name": ["'missing'"]}),
    "batch": (LISTS, {"linecount": ["2", "3"], "fill_with": ["'-'"]}),
    "capitalize": (TEXTS + ["42"], {}),
    "center": (TEXTS[:2], {"width": ["20", "3"]}),
    "count": (LISTS + TEXTS + DICTS + ["5"], {}),
    "default": (["state.missing", "none", "''", "'x'", "0"], {"default_value": ["'d'", "[1]"], "boolean": ["true"]}),
    "d": (["state.missing", "''"], {"default_value": ["'d'"], "boolean": ["true", "false"]}),
    "dictsort": (DICTS + ["state.words"], {"case_sensitive": ["true"], "by": ["'value'", "'nope'"], "reverse": ["true"]}),
    "e": (["state.html", "42"], {}),
    "escape": (["state.html", "'\"quoted\" & \\'single\\''"], {}),
    "filesizeformat": (["0", "1", "999", "13000", "'1048576'", "5.5e9", "-5"], {"binary": ["true", "false"]}),
    "first": (LISTS + TEXTS + DICTS + ["5"], {}),
    "float": (NUMBERS + ["'x'", "'1e3'", "none"], {"default": ["9.5", "'n/a'"]}),
    "forceescape": (["state.html"], {}),
    "groupby": (
        ROWS + ["[['a', 1], ['b', 2], ['A', 3]]"],
        {"attribute": ["'status'", "0"], "default": ["'other'"], "case_sensitive": ["true"]},
    ),
    "indent": (TEXTS, {"width": ["2", "'> '"], "first": ["true"], "blank": ["true"]}),
    "int": (NUMBERS + ["'x'", "'0x1f'", "'101'", "none"], {"default": ["7"], "base": ["2", "16"]}),
    "items": (DICTS + ["state.missing", "state.words"], {}),
    "join": (LISTS[:3], {"d": ["', '", "1"], "attribute": ["'name'"]}),
    "last": (LISTS + TEXTS + DICTS, {}),
    "length": (LISTS + TEXTS + DICTS + ["5"], {}),
    "list": (LISTS + TEXTS + DICTS, {}),
    "lower": (TEXTS + ["42"], {}),
    "max": (LISTS + ROWS[:0] + ["'hello'"], {"case_sensitive": ["true"], "attribute": ["0"]}),
    "min": (LISTS + ["'hello'"], {"case_sensitive": ["true"], "attribute": ["0"]}),
    "reverse": (LISTS + TEXTS, {}),
    "replace": (TEXTS, {"old": ["'o'", "''", "'wide'"], "new": ["'0'", "''"], "count": ["1", "0"]}),
    "round": (NUMBERS[:4] + ["2.675", "1234.5", "-0.5"], {"precision": ["1", "2", "-2"], "method": ["'ceil'", "'floor'", "'up'"]}),
    "safe": (["state.html"], {}),
    "slice": (LISTS, {"slices": ["2", "3"], "fill_with": ["'-'"]}),
    "sort": (LISTS + ROWS + ["'hello'"], {"reverse": ["true"], "case_sensitive": ["true"], "attribute": ["'name'", "'status,minutes'"]}),
    "string": (TEXTS + ["42", "2.0"], {}),
    "striptags": (["state.html", "'a <!-- b --> c'", "'1 < 2'"], {}),
    "sum": (["state.numbers", "[]", "[1.5, 2]"] + ROWS, {"attribute": ["'minutes'"], "start": ["10", "0.5"]}),
    "title": (TEXTS + ["'it\\'s (not) a-b'"], {}),
    "tojson": (TEXTS + LISTS + DICTS + ["2.0", "true"], {"indent": ["2", "0"]}),
    "trim": (["'  a b  '", "'xxaxx'"], {"chars": ["'x'", "' '", "none"]}),
    "truncate": (TEXTS, {"length": ["9", "12"], "killwords": ["true"], "end": ["'!'", "''"], "leeway": ["0", "2"]}),
    "unique": (LISTS, {"case_sensitive": ["true"]}),
    "upper": (TEXTS + ["42"], {}),
    "urlencode": (TEXTS + DICTS + ["[['a b', '1&2'], ['c', 'ü']]", "'a/b?c=d&e'"], {}),
    "wordcount": (TEXTS, {}),
    "wordwrap": (
        TEXTS + ["'well-known hyphenated-word'"],
        {"width": ["8", "5"], "break_long_words": ["false"], "wrapstring": ["'|'"], "break_on_hyphens": ["false"]},
    ),
}

TEST_INPUTS = ["none", "true", "0", "1", "7", "2.0", "'text'", "'TEXT'", "''", "[1]", "{}", "{'a': 1}", "state.missing"]
TEST_ARGUMENTS = {
    "divisibleby": ["num=3", "3"],
    "sameas": ["none", "true"],
    "in": ["[1, 'text', none]"],
    **{name: ["1", "'text'"] for name in ("eq", "==", "equalto", "ne", "!=")},
    **{name: ["3"] for name in ("lt", "<", "lessthan", "le", "<=", "gt", ">", "greaterthan", "ge", ">=")},
}
# Nothing of ours is callable or safe HTML, and what a sequence is differs: differences.jsonl has them.
TESTS_APART = {"callable", "escaped", "sequence", "iterable"}

INPUTS_APART = {("lower", "true"), *((name, each) for name in ("filter", "test") for each in ("[1]", "{}", "{'a': 1}"))}

METHODS = {
    "capitalize": ["()"],
    "casefold": ["()"],
    "center": ["(21)", "(21, '*')", "(3)"],
    "count": ["('o')", "('o', 5)", "('o', 0, 5)", "('')"],
    "endswith": ["('ld')", "(('x', 'ld'))", "('wide', 0, 10)"],
    "expandtabs": ["()", "(4)", "(tabsize=4)"],
    "find": ["('o')", "('zz')", "('o', 5)", "('o', -3, -1)", "('')"],
    "format": ["(1)", "(a=1)"],
    "index": ["('o')", "('zz')", "('e', 1, 3)"],
    **{name: ["()"] for name in (
        "isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper"
    ).split()},
    "join": ["(['a', 'b'])", "('xyz')", "([])"],
    "ljust": ["(20)", "(20, '.')", "(2)"],
    "lower": ["()"],
    "lstrip": ["()", "('he')", "(none)"],
    "partition": ["(' ')", "('zz')"],
    "removeprefix": ["('hello ')", "('x')"],
    "removesuffix": ["('world')", "('x')"],
    "replace": ["('o', '0')", "('o', '0', 1)", "('', '-')"],
    "rfind": ["('o')", "('zz')", "('o', 0, 5)"],
    "rindex": ["('o')", "('zz')"],
    "rjust": ["(20)", "(20, '.')"],
    "rpartition": ["(' ')", "('zz')"],
    "rsplit": ["()", "(' ')", "(' ', 1)", "(sep=' ', maxsplit=1)", "(none, 1)"],
    "rstrip": ["()", "('ld')"],
    "split": ["()", "(' ')", "(' ', 1)", "(sep='o')", "(maxsplit=1)", "('')"],
    "splitlines": ["()", "(true)", "(keepends=true)"],
    "startswith": ["('he')", "(('x', 'he'))", "('wide', 6)"],
    "strip": ["()", "('hd')"],
    "swapcase": ["()"],
    "title": ["()"],
    "upper": ["()"],
    "zfill": ["(20)", "(3)"],
}
METHOD_TEXTS = ["'hello wide world'", "'  Pad\\tded '", "''", "'-42'", "'½²٣'", "'a\\nb\\r\\nc'", "'Ünï 😀'", "'Title Case'"]

OPERANDS = ["7", "-2", "2.5", "'ab'", "[1, 2]", "true", "none", "{'a': 1}"]
PRINTED_APART = {"true", "none", "{'a': 1}"}
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
BOUNDS = ["", "0", "1", "-1", "-3", "9"]

FORMATS = "d 5d -5d +d 05d x X o e .2e g .3g f .0f .1f 08.2f s 5s -5s .2s c r 5% %".split()
SPECS = ["", "d", "5", "<5", "^7", ">6", "*^9", "05", "+", ",", "_", ".2f", "8.1f", "+.1e", "x", "#x", "b", "o", "%", ".1%", "g", ".3g", "n", "s", "10,.1f"]
VALUES = ["42", "-7", "3.14159", "0", "1234567.891", "'text'"]

TEMPLATES = [
    # White space control, in every place and both signs.
    *(f"a {{%{left} if true {right}%}} b {{%{left} endif {right}%}} c" for left in ("", "-", "+") for right in ("", "-", "+")),
    *(f"a \n {{{{{left} 1 {right}}}}} \n b" for left in ("", "-") for right in ("", "-")),
    *(f"a \n {{#{left} note {right}#}} \n b" for left in ("", "-") for right in ("", "-")),
    *(f"a {{%{left} raw {right}%}} {{{{ x }}}} {{%{left} endraw {right}%}} b" for left in ("", "-") for right in ("", "-")),
    # Every part of loop, over no, one and three elements.
    *(
        f"{{% for x in {items} %}}[{{{{ loop.{part} }}}}]{{% else %}}none{{% endfor %}}"
        for items in ("[]", "['a']", "['a', 'b', 'c']")
        for part in ("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem")
    ),
    "{% for x in 'aabbc' %}{{ loop.changed(x) }}{{ loop.cycle(1, 2, 3) }} {% endfor %}",
    "{% for x in [1, 2] %}{% set outer = loop %}{% for y in [3, 4] %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for k, v in state.scores | dictsort %}{{ k }}={{ v }}{{ ', ' if not loop.last }}{% endfor %}",
    "{% for k, v in state.scores.items() if v > 3 %}{{ loop.index }}{{ k }} {% else %}none{% endfor %}",
    "{% for x in [1, 2, 3] if x > 5 %}{{ x }}{% else %}none{% endfor %}",
    "{% for t in state.tasks | selectattr('status', 'eq', 'done') | sort(attribute='minutes') %}{{ t.name }} {% endfor %}",
    "{{ state.tasks | unique(attribute='status') | map(attribute='name') | join(',') }}",
    "{{ state.tasks | unique(false, 'status') | map(attribute='name') | join(',') }}",
    "{{ state.tasks | join(', ', attribute='name') }}{{ state.tasks | join(d='-', attribute='minutes') }}",
    "{% for group in state.tasks | groupby('status') %}{{ group.grouper }}:{{ group.list | map(attribute='name') | join('+') }} {% endfor %}",
    "{% for status, tasks in state.tasks | groupby('status') %}{{ status }}{{ tasks | length }} {% endfor %}",
    "{% for row in [1, 2, 3, 4, 5] | batch(2) %}{{ row | join('-') }}|{% endfor %}",
    "{% for a, b in [[1, 2], [3]] %}{{ a }}{% endfor %}",
    "{% set ns = namespace(n=0, seen=[]) %}{% for x in [1, 2, 3] %}{% set ns.n = ns.n + x %}{% set ns.seen = ns.seen + [x] %}{% endfor %}{{ ns.n }} {{ ns.seen }}",
    "{% set a = b = 1 %}",
    "{% set x | replace('a', 'b') | upper %}banana{% endset %}{{ x }}",
    "{% filter upper | replace('A', '4') %}banana {{ 'split' }}{% endfilter %}",
    "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x is defined }}",
    "{% with a = 1 %}{% with a = 2, b = 3 %}{{ a }}{{ b }}{% endwith %}{{ a }}{% endwith %}",
    "{% if state.count > 5 %}{% if state.flag %}both{% endif %}{% elif true %}x{% else %}y{% endif %}",
    "{% if not state.missing %}absent{% endif %}{% if state.words %}words{% endif %}{% if '' %}never{% endif %}",
    "{% raw %}{% if %}{{ }}{# #}{% endraw %}",
    "{% raw %}{{ '{% endraw %}' }}",
    "{# a {{ 1 / 0 }} {% nonsense %} #}b",
    "a\r\nb\rc\n{{ 1 }}\r\n",
    "{{ '{{' }}{{ '}}' }}{{ '{%' }}",
    "{{ {'a': {'b': {}}} }}",
    "{{ 1 }}{{ 2 }}\n\n{{ 3 }}\n",
    "{% for i in range(3) %}{% for j in range(i) %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
    "{% for i in range(3) -%} {{ i }} {%- endfor %}",
    "{%- for i in [1] %}\n{{ i }}\n{%- endfor %}\n",
]

CHAINS = [
    # Precedence, each beside the brackets that would change it.
    "1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "2 ** (3 ** 2)", "-2 ** 2", "(-2) ** 2", "2 * -3", "- -3", "not not 1", "not 1 == 2",
    "not (1 == 2)", "not 1 in [2]", "1 + 2 ~ 3 + 4", "1 ~ 2 * 3", "'a' ~ 1 + 2", "7 // 2 * 2", "7 % 4 ** 2", "10 - 2 - 3", "10 / 2 / 5",
    "1 or 0 and 0", "(1 or 0) and 0", "0 or '' or 'x'", "1 and 'x' and []", "1 < 2 == true", "1 < 2 < 3", "3 > 2 > 2", "1 < 3 > 2", "1 == 1.0 == true",
    "1 < 2 < 1 / 0", "3 < 2 < 1 / 0", "1 in [1] == true", "1 in [1] in [[1]]", "'a' < 'b' <= 'b' != 'c'", "1 not in [2] and 2 in [2]",
    "'x' if 1 else 'y' if 1 else 'z'", "'x' if 0 else 'y' if 0 else 'z'", "('x' if 0) | default('d')", "1 if none else 2", "[1, 2][1 if true else 0]",
    "-3 | abs", "(-3) | abs", "-3.7 | int", "'a' ~ 'b' | upper", "('a' ~ 'b') | upper", "1 + 2 | string ~ '!'", "[3, 1] | sort | first + 10", "2 * [1, 2] | length",
    "5 is odd and 4 is even", "not 5 is even", "5 is not even", "5 is divisibleby 5 and true", "4 is divisibleby(2) == true", "'a' is in ['a']", "1 is eq 1 or 0",
    "state.nested.a.b[2].c", "state['nested']['a'].b[-1]['c']", "state.nested.a['b'].0", "state.words[1:][0]", "state.words[0][1:3] | upper", "state.tasks[0].tags[0].upper().lower()",
    "'%s and %s' % ('a', 'b')", "'%(n)s' % {'n': 1}", "'%d%%' % 5", "'abc'[::-1]", "'abc'[5:]", "[1, 2, 3][::2]", "(1, 2) + (3,)", "[1] + [2] * 2", "{'a': 1}.a", "{'a': {'b': 2}}.a.b",
    "[[1, 2], [3]] | map('length') | sum", "state.tasks | map(attribute='minutes') | sum", "state.tasks | map(attribute='tags') | map('first', ) | list", "state.tasks | map(attribute='x', default=0) | list",
    "[1, 2, 3, 4] | select('even') | list", "[1, 2, 3, 4] | reject('divisibleby', 2) | list", "[1, 2, 3] | select('gt', 1) | map('string') | join", "[0, 1, '', 'a', none] | select | list", "[0, 1, ''] | reject | list",
    "[3, 6, 7] | select('divisibleby', num=3) | list", "[3, 6, 7] | reject('divisibleby', num=3) | list", "state.tasks | rejectattr('tags') | map(attribute='name') | list",
    "state.tasks | selectattr('minutes', 'gt', 3) | map(attribute='name') | list", "state.tasks | selectattr('minutes', 'divisibleby', num=5) | map(attribute='name') | list",
    "['a', 'b'] | map('replace', 'a', 'x') | list", "['a b', 'c'] | map('replace', old='a', new='x') | list", "['abc'] | map('truncate', 2, true, '') | list", "['1', 'x'] | map('int', default=5) | list",
    "range(4) | list", "range(1, 4) | list", "range(10, 0, -3) | list", "range(0) | list", "range(3)[1]", "3 in range(4)", "dict(a=1, b=2)", "dict([['a', 1]])", "dict({'a': 1}, b=2)", "namespace(a=1).a",
    "none is none and none is not defined", "state.missing is undefined", "state.missing | default('x') | upper", "(state.missing or {}).x | default(3)", "state.nothing is none",
    "'\\u00e9' == 'é'", "'é' | length", "'😀' | length", "'😀😀'[1]", "'a😀b' | reverse", "'ß' | upper", "'İ' | lower | length", "'ﬁ' | title", "'naïve' | capitalize", "'😀' in 'a😀'", "'a😀b'.find('b')", "['é', 'z', 'a'] | sort",
    "1_000 + 0x1F + 0b11 + 0o17", "1e3", "1.5e-3", "1_0.5", "0.1 + 0.2", "1e16", "1e15", "1e-5", "1e22", "5 / 3", "7 // -2", "7 % -3", "-7 // 2", "7.5 // 2", "2 ** -1", "2 ** 0.5", "0.0 == -0.0", "10 / 5", "4 / 2 is float",
    "'a' 'b'", "'\\n' | length", "'\\x41\\101'", "\"it's\"", "'\\q'", "[1, 2, ]", "{'a': 1, }", "(1,)", "()", "[]", "{}", "[[]]", "{'a' ~ 'b': 1}", "{1: 2}", "{1.5: 2}",
]


def calls(parameters, samples):
    """Argument lists: each prefix by place, each argument alone by name, all by name."""
    required = [name for name, standard in parameters if standard is inspect.Parameter.empty]
    names = [name for name, _ in parameters if name in samples]
    base = [f"{name}={samples[name][0]}" for name in required]
    found = []
    for count in range(len(required), len(names) + 1):
        for value in samples[names[count - 1]] if count else [None]:
            places = [samples[name][0] for name in names[: count - 1]] + ([value] if count else [])
            found.append(", ".join(places))
    for name in names:
        for value in samples[name]:
            others = [each for each in base if not each.startswith(f"{name}=")]
            found.append(", ".join([*others, f"{name}={value}"]))
    found.append(", ".join(f"{name}={samples[name][0]}" for name in names))
    return dict.fromkeys(found)


def parameters_of(function):
    """Parameters after the input and what Jinja2 passes by itself, each with its default."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:
        return []
    passed = {"environment", "env", "eval_ctx", "context"}
    own = [each for each in parameters if each.name not in passed][1:]
    return [(each.name, each.default) for each in own]


def filters(env):
    for name, (inputs, samples) in FILTERS.items():
        parameters = parameters_of(env.filters[name])
        assert {each for each, _ in parameters} >= set(samples), name
        for arguments, value in itertools.product(calls(parameters, samples), inputs):
            call = f"{name}({arguments})" if arguments else name
            yield f"{{{{ {value} | {call} }}}}"
        for value in () if name in OVER_TEXT else ODD:
            yield f"{{{{ {value} | {name} }}}}"
        yield f"{{{{ 'x' | {name}(1, 2, 3, 4, 5, 6, 7) }}}}"
        yield f"{{{{ 'x' | {name}(nosuch=1) }}}}"


def tests(env):
    for name in sorted(env.tests):
        if name in TESTS_APART or not name.isidentifier():
            continue
        inputs = [each for each in TEST_INPUTS if (name, each) not in INPUTS_APART]
        for argument, value in itertools.product(TEST_ARGUMENTS.get(name, [""]), inputs):
            yield f"{{{{ {value} is {name}({argument}) }}}}" if argument else f"{{{{ {value} is {name} }}}}"
    for name, value in itertools.product(("==", "!=", "<", "<=", ">", ">=", "eq", "in"), ("2", "[2]")):
        yield f"{{{{ [1, 2, 3] | select('{name}', {value}) | list }}}}"
    for name in ("filter", "test"):
        for value in ("'upper'", "'nosuch'", "'odd'", "1"):
            yield f"{{{{ {value} is {name} }}}}"


def methods():
    for (name, arguments), text in itertools.product(METHODS.items(), METHOD_TEXTS):
        for call in arguments:
            yield f"{{{{ {text}.{name}{call} }}}}"
    for call in ("get('zoe')", "get('x')", "get('x', 7)", "items()", "keys()", "values()", "copy()"):
        yield f"{{{{ state.scores.{call} }}}}"
        yield f"{{{{ state.scores.{call} | list }}}}"
    for call in ("count('fig')", "count('x')", "index('fig')", "index('x')", "index('fig', 1)", "index('fig', 3)", "copy()"):
        yield f"{{{{ state.words.{call} }}}}"
    for number in ("2.0", "2.5", "1e300"):
        yield f"{{{{ ({number}).is_integer() }}}}"


def operators():
    for (left, right), operator in itertools.product(itertools.product(OPERANDS, OPERANDS), OPERATORS):
        if operator != "~" or {left, right}.isdisjoint(PRINTED_APART):
            yield f"{{{{ {left} {operator} {right} }}}}"
    for sign, operand in itertools.product(("-", "+", "not "), OPERANDS):
        yield f"{{{{ {sign}{operand} }}}}"
    for value, start, end, step in itertools.product(("'abcdef'", "[0, 1, 2, 3, 4, 5]"), BOUNDS, BOUNDS, ("", ":2", ":-1")):
        yield f"{{{{ {value}[{start}:{end}{step}] }}}}"


def formats():
    for spec, value in itertools.product(FORMATS, VALUES):
        if (spec, value) == ("r", "'text'"):
            continue
        yield f"{{{{ '%{spec}' % {value} }}}}"
        yield f"{{{{ '%{spec}' | format({value}) }}}}"
    for spec, value in itertools.product(SPECS, VALUES):
        yield f"{{{{ '{{:{spec}}}'.format({value}) }}}}"


def main():
    env = jinja2.Environment()
    known = {}
    if TARGET.exists():
        known = {case["source"]: case for case in map(json.loads, TARGET.read_text().splitlines())}
    chains = [f"{{{{ {chain} }}}}" for chain in CHAINS]
    sources = dict.fromkeys([*filters(env), *tests(env), *methods(), *operators(), *formats(), *chains, *TEMPLATES])
    cases = [known.get(source, {"source": source}) for source in sources]
    TARGET.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))
    print(f"{len(cases)} cases; run make.py for the answers")


main()
