// Package house holds the rules of the house as tests: which room may import which, what a
// package says of itself, how long files and functions grow, and that the documents speak of what
// is there. Each test reads the files itself, so that none goes stale in the test cache.
//
// There is nothing here to import, and nothing here knows what a room does.
package house
