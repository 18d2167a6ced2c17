// Package browser holds the tests that look at the pages as people do: in Chromium, with the
// keyboard, at the widths of a desk and a phone, with and without JavaScript, and through the eyes
// of axe-core and the Nu HTML checker. `make test` runs a part of the combinations, `make soak` all.
//
// It has no code of its own for the program, and nothing here is shipped: the browser comes from
// the system, the checkers from package.json into .tools/.
package browser
