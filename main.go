// Command viesti passes a questionnaire on through networks of people by email and Slack, hosts
// it, reminds, counts, and reports so that nobody can be found.
package main

func main() {}
