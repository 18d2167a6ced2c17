// Package bench measures the program against bare loops in the same run: its figures are ratios,
// so that they mean the same on another machine. `make bench` runs it; `make test` does not.
//
// It asserts nothing: a test with a clock in it fails on busy machines only.
package bench
