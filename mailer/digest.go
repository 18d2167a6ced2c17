package mailer

import (
	"context"
	"errors"
	"fmt"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/mailer/letters"
	"viesti/outbox"
)

// Digest is what the letter of a week says of a network, beside what it says of the survey: sentences
// in the letter's language, of which an empty one takes its line away, and figures.
type Digest struct {
	Rate, Since, Remaining, Standing, Reminder string

	Curve Picture
	Days  [][]string // the figures of the curve as a table; the first row names its columns
}

// Picture travels with a letter, so that nobody learns when it is looked at.
type Picture struct {
	PNG  []byte
	Text string // what it shows, in words
}

// Weeks makes the digest of a network's week, from the figures of this moment.
type Weeks func(ctx context.Context, n contacts.Network, l i18n.Lang) (Digest, error)

var (
	errFigures = errors.New("mailer: the figures of a digest cannot be had")
	errNoWeeks = errors.New("mailer: nobody makes digests")
)

// curveName is the picture's file name, should a mail program show it as an attachment.
const curveName = "curve.png"

// weekly adds to a letter's values those of its week.
func (c *Composer) weekly(ctx context.Context, d outbox.Delivery, values letters.Values) (Picture, error) {
	_, week, ok := d.Kind.Week()
	if !ok {
		return Picture{}, nil
	}
	if c.Weeks == nil {
		return Picture{}, errNoWeeks
	}
	x, err := c.Weeks(ctx, d.Network, d.Lang())
	if err != nil {
		return Picture{}, fmt.Errorf("%w: %w", errFigures, err)
	}
	for name, said := range map[string]string{
		"rate": x.Rate, "since": x.Since, "remaining": x.Remaining, "standing": x.Standing, "reminder": x.Reminder,
		"week": fmt.Sprint(week),
	} {
		values[name] = letters.Value{Text: said}
	}
	values["days"] = letters.Value{Table: x.Days}
	if len(x.Curve.PNG) > 0 {
		values["curve"] = letters.Value{Picture: c.curveID(), Text: x.Curve.Text}
	}
	return x.Curve, nil
}

// curveID is the picture's Content-ID (RFC 2392) without its brackets.
func (c *Composer) curveID() string { return curveName + "@" + c.host }

// isDigest tells whether the letter is a network's week. It is told anew each time, and asks nobody
// to answer, so nothing in it is personal.
func isDigest(k outbox.Kind) bool {
	_, _, ok := k.Week()
	return ok
}
