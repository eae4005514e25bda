/** What the seed's agent does with its tasks: a script that really writes files, and the tasks as the seed puts them. */
import type { Json, JsonObject } from "../../../src/util/json.ts";

export const CALCULATOR = {
  title: "Create Python Calculator",
  task: `Create a Python calculator with the following:

1. Functions: add, subtract, multiply, divide
2. Error handling for division by zero
3. Unit tests using pytest
4. Docstrings for all functions

Create two files:
- calculator.py (implementation)
- test_calculator.py (tests)
`,
};

export const VAGUE = { title: "Improve the code", task: "Make it better" };

export const GUI = {
  title: "Create Calculator with GUI",
  task: `Create a calculator application with:

1. Core calculator functions (add, subtract, multiply, divide) in calculator.py
2. Simple GUI using tkinter in gui.py
3. Unit tests for calculator logic in test_calculator.py
4. Error handling

Build incrementally, testing after each component.
`,
};

const FUNCTIONS = ["add", "subtract", "multiply"].map((name, index) =>
  [
    `def ${name}(a, b):`,
    `    """${name} two numbers (a calculator function)."""`,
    `    return a ${"+-*"[index]} b`,
  ].join("\n"),
);

const DIVIDE = `def divide(a, b):
    """divide two numbers; the error handling: division by zero raises ValueError."""
    if b == 0:
        raise ValueError("Cannot divide by zero")
    return a / b`;

export const IMPLEMENTATION = `"""Core calculator functions."""\n\n\n${[...FUNCTIONS, DIVIDE].join("\n\n\n")}\n`;

export const TESTS = `"""Unit tests of the calculator logic; pytest and unittest both run them."""
import unittest

import calculator


class CalculatorTest(unittest.TestCase):
    def test_add(self):
        self.assertEqual(calculator.add(2, 3), 5)

    def test_divide(self):
        self.assertEqual(calculator.divide(6, 3), 2)

    def test_divide_by_zero(self):
        with self.assertRaises(ValueError):
            calculator.divide(1, 0)
`;

const WINDOW = `"""A simple GUI using tkinter."""
import calculator


def main():
    import tkinter

    window = tkinter.Tk()
    window.title("Calculator application")
    tkinter.Label(window, text=str(calculator.add(1, 1))).pack()
    window.mainloop()
`;

/** The agent's rules, in order. */
export const RULES: readonly JsonObject[] = [
  rule("Create Calculator with GUI", "implement", "Core calculator functions are in place.", {
    "calculator.py": `${FUNCTIONS.join("\n\n\n")}\n\n\ndef divide(a, b):\n    return a / b\n`,
  }),
  rule(
    "Create Calculator with GUI",
    "implement#2",
    "Unit tests and error handling are there; the GUI comes next.",
    {
      "calculator.py": IMPLEMENTATION,
      "test_calculator.py": TESTS,
    },
  ),
  rule(
    "Create Calculator with GUI",
    "implement#3",
    "The simple GUI using tkinter is in gui.py; the application is whole.",
    {
      "gui.py": WINDOW,
    },
  ),
  {
    ...rule(
      "Create Python Calculator",
      "implement",
      "The Python calculator is done: add, subtract, multiply and divide, with docstrings, error handling for division by zero, and unit tests using pytest.",
      {
        "calculator.py": IMPLEMENTATION,
        "test_calculator.py": TESTS,
      },
    ),
    lines: [
      "writing calculator.py",
      { tool_call: "Bash(python3 -m unittest -q)" },
      { tool_result: "Ran 3 tests\nOK\nexit code: 0" },
    ],
  },
  rule(
    "Improve the code",
    "implement",
    "I have improved the code in several places and made it better.",
    {
      "notes.txt": "better\n",
    },
  ),
  { response: "I do not know this task." },
];

function rule(
  instructions: string,
  path: string,
  response: string,
  files: Record<string, Json>,
): JsonObject {
  return { instructions, path, response, files };
}
