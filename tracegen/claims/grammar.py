"""From the text of a claim to a tree: tokens first, then a function for each rule of the grammar.

The grammar stands in the package's docstring. No rule contains itself, so no text, however long,
can exhaust the stack.
"""

import re
from dataclasses import replace
from typing import NoReturn

from tracegen.claims.tree import (
    FIELDS,
    FUNCTIONS,
    NEEDED,
    NONE,
    OF_GRAPH,
    OF_NAMES,
    OF_SELECTION,
    OPERATIONS,
    RELATIONS,
    Call,
    Claim,
    Expression,
    Graph,
    Selection,
    Test,
    Word,
)
from tracegen.errors import ClaimError

CLAIM_CHARS_MAX = 400

_TOKEN = re.compile(
    r'\s*(?:(?P<word>\w[\w.-]*|"[^"]*")|(?P<sign>!=|<=|>=|[=<>(),])|(?P<end>\Z))', re.ASCII
)
_SPACE = re.compile(r"\s*", re.ASCII)


def parse(text: str) -> Claim:
    """Read a claim.

    Raises:
        ClaimError: It is none; says at which column, what was expected and what is known.
    """
    parser = _Parser(text)
    left = parser.expression()
    relation = parser.sign(RELATIONS)
    right = parser.expression()
    parser.end()
    left, right = _shared(left, right)
    sides = (left, right)
    if not any(isinstance(side.value, Call) for side in sides):
        parser.fail(1, "nothing is asked of a recording; ask with one of", FUNCTIONS)
    for side in sides:
        _needs_recording(parser, side)
    left, right = _same_type(left, right)
    if left.type != right.type or (left.type == "words" and relation not in ("=", "!=")):
        parser.fail(
            1, f"{left.text} gives {left.type}, {right.text} {right.type}; "
            "numbers compare with numbers, and words with words by = and !="
        )  # fmt: skip
    return Claim(left, relation, right, text.strip())


def parse_expression(text: str) -> Expression:
    """Read an expression that stands alone, as in the braces of a sentence.

    Raises:
        ClaimError: It is none, or it asks nothing.
    """
    parser = _Parser(text)
    expression = parser.expression()
    parser.end()
    if not isinstance(expression.value, Call):
        parser.fail(1, "nothing is asked of a recording; ask with one of", FUNCTIONS)
    _needs_recording(parser, expression)
    return expression


def _needs_recording(parser: "_Parser", expression: Expression) -> None:
    recording = expression.recording
    if expression.needs_recording and recording is None:
        end = len(parser.text) + 1
        parser.fail(end, "expected 'in' and a recording, such as in happy-path.choreography")
    if recording is not None and not expression.needs_recording:
        parser.fail(recording.column, f"{expression.text} asks nothing of a recording")


def _shared(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """Let a side without a recording take the other's."""

    def given(side: Expression, other: Expression) -> Expression:
        if side.recording is None and side.needs_recording:
            return replace(side, recording=other.recording)
        return side

    return given(left, right), given(right, left)


def _same_type(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """Take a typed number for a word where the other side gives words, as partitions do."""

    def like(side: Expression, other: Expression) -> Expression:
        if isinstance(side.value, int) and other.type == "words":
            return replace(side, value=(Word(side.text, 1),))
        return side

    return like(left, right), like(right, left)


class _Parser:
    """Tokens of one text, and a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > CLAIM_CHARS_MAX:
            raise ClaimError(
                f"a claim of {len(text)} characters; {CLAIM_CHARS_MAX} go. Make two of it"
            )
        self._tokens: list[tuple[str, Word]] = []
        self._next = 0
        at = 0
        while not self._tokens or self._tokens[-1][0] != "end":
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # Matches nothing too.
                self.fail(at + 1, f"{text[at]!r} is no part of a claim")
            kind, at = match.lastgroup, match.end()
            self._tokens.append((kind, Word(match[kind], match.start(kind) + 1)))

    def fail(self, column: int, problem: str, known: tuple[str, ...] = ()) -> NoReturn:
        """Say what is wrong, where, and what would be right."""
        hint = f": {', '.join(known)}" if known else ""
        raise ClaimError(f"claim '{self.text.strip()}', column {column}: {problem}{hint}")

    def expression(self) -> Expression:
        """`( number | words | call ), [ "in", recording ]`."""
        start = self._peek()[1].column
        value: int | tuple[Word, ...] | Call
        first = self._word("a function, a number or a word", FUNCTIONS)
        if self._took("("):
            value = self._call(first)
        elif re.fullmatch(r"\d+", first.text, re.ASCII) and self._peek()[1].text != ",":
            value = int(first.text)
        else:
            value = self._words(first)
        text = self.text[start - 1 : self._peek()[1].column - 1].strip()
        recording = self._word("a recording") if self._took("in") else None
        return Expression(value, recording, text)

    def sign(self, known: tuple[str, ...]) -> str:
        """One of some signs."""
        kind, word = self._peek()
        if kind != "sign" or word.text not in known:
            self.fail(word.column, f"expected a relation, found {_said(word)}; known", known)
        self._next += 1
        return word.text

    def end(self) -> None:
        """Nothing more."""
        kind, word = self._peek()
        if kind != "end":
            self.fail(word.column, f"expected the end, found {_said(word)}")

    def _call(self, function: Word) -> Call:
        name = function.text
        argument: Selection | Graph | tuple[Word, ...]
        if name in OF_SELECTION:
            argument = self._selection()
        elif name in OF_GRAPH:
            argument = self._graph()
        elif name in OF_NAMES:
            argument = self._names(name)
        else:
            self.fail(function.column, f"no function '{name}'; known", FUNCTIONS)
        self._expect(")")
        return Call(function, argument)

    def _selection(self) -> Selection:
        what = self._word("an operation or a message", OPERATIONS)
        tests: list[Test] = []
        while self._took("and" if tests else "where"):
            field = self._word("a field", FIELDS)
            if field.text not in FIELDS:
                self.fail(field.column, f"no field '{field.text}'; known", FIELDS)
            equal = self.sign(("=", "!=")) == "="
            tests.append(Test(field.text, equal, self._word(f"a value of {field.text}")))
        return Selection(what, tuple(tests))

    def _graph(self) -> Graph:
        name = self._word("a style or table")
        if not self._took("with"):
            return Graph(name, None)
        service = self._word("a service")
        self._expect("reads")
        return Graph(name, (service, self._word("a topic")))

    def _names(self, function: str) -> tuple[Word, ...]:
        what = OF_NAMES[function][1]
        found: list[Word] = []
        for name in what:
            enough = len(found) >= NEEDED.get(function, len(what))
            if enough and self._peek()[1].text == ")":
                break
            if found:
                self._expect(",")
            found.append(self._word(f"the {name}"))
        return tuple(found)

    def _words(self, first: Word) -> tuple[Word, ...]:
        found = [first]
        while self._took(","):
            found.append(self._word("a word"))
        return () if [word.text for word in found] == [NONE] else tuple(found)

    def _peek(self) -> tuple[str, Word]:
        return self._tokens[self._next]

    def _took(self, text: str) -> bool:
        if self._peek()[1].text == text:
            self._next += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._took(text):
            word = self._peek()[1]
            self.fail(word.column, f"expected '{text}', found {_said(word)}")

    def _word(self, what: str, known: tuple[str, ...] = ()) -> Word:
        kind, word = self._peek()
        if kind != "word":
            more = "; known" if known else ""
            self.fail(word.column, f"expected {what}, found {_said(word)}{more}", known)
        self._next += 1
        return Word(word.text.strip('"'), word.column)


def _said(word: Word) -> str:
    return f"'{word.text}'" if word.text else "the end"
