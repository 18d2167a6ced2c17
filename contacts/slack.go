package contacts

import "time"

// askAgain is how many days Slack is not asked again whether it knows somebody whom it did not.
const askAgain = 30

// AskSlack tells whether Slack may know an account that is not in the list: it was not asked, or
// long ago.
func (c Contact) AskSlack(now time.Time) bool {
	if c.SlackUser != "" || c.Email == "" {
		return false
	}
	asked, err := time.Parse(time.DateOnly, c.SlackAsked)
	return err != nil || now.Sub(asked) > askAgain*24*time.Hour
}

// WithAccount is the contact with what Slack said of their address on a day; without a user it
// knew none. An account that a list named stays.
func (c Contact) WithAccount(user, day string) Contact {
	switch {
	case user == "":
		c.SlackAsked = day
	case c.SlackUser == "":
		c.SlackUser, c.SlackAsked = user, ""
	}
	return c
}
