package report

// The figures of a row follow The American Association for Public Opinion Research (2023), Standard
// Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th edition, where it
// speaks of internet surveys of specifically named persons. Answers are anonymous here, so nobody's
// disposition is known in full: people are counted by what came of the messages to them, answers by
// how far they came, and only the sums meet. docs/rates.md has every figure with its formula.

// Outcome is what became of the people and the answers of a row.
type Outcome struct {
	// NonContact are people to whom nothing could be delivered: the address was refused at once
	// (3.30, as those of Undelivered, which came back later).
	NonContact int64 `json:"non_contact"`
	// Refused are people who were reached and wish no more messages (2.111).
	Refused int64 `json:"refused"`
	// BreakOff are answers that were begun and have nothing in them (2.1121, 2.12).
	BreakOff int64 `json:"break_off"`
	// Silent are people of whom nothing is known but that they were reached (3.19): what is left of
	// them without those who refused and the answers begun. Null where people and answers are
	// divided by different things (channel, language, day).
	Silent *int64 `json:"silent"`
	// RateAll is complete ÷ (contacted + non-contact): RR1 with every undelivered address taken for
	// somebody eligible. The truth lies between it and the response rate.
	RateAll *float64 `json:"response_rate_all"`
	// Completion is complete ÷ visits: the share of those who began that went on to the end. It
	// needs to know nobody who did not come.
	Completion *float64 `json:"completion_rate"`
	// Open is what came by links whose readers nobody can count: a participation without a rate.
	Open Participation `json:"open_links"`
	// Stops are the unfinished answers, by any link, by the last page of which something was kept.
	Stops []Stop `json:"stops,omitempty"`
}

// Participation is answers without anybody to divide them by.
type Participation struct {
	Counts
	Completion *float64 `json:"completion_rate"`
}

// Stop is how many unfinished answers have come as far as a page, and no further.
type Stop struct {
	Page       int   `json:"page"` // counted from 1 as in Rates.Pages; 0: nothing was kept
	Unfinished int64 `json:"unfinished"`
}

// share is n ÷ of; nil when that is nothing.
func share(n, of int64) *float64 {
	if of <= 0 {
		return nil
	}
	x := float64(n) / float64(of)
	return &x
}

// size is how many people the row's rates stand on.
func (r Row) size() int64 { return r.Contacted - r.Undelivered }

// rr is n ÷ size: RR1 of complete responses, RR2 of these and the partial ones, everybody contacted
// being eligible: I ÷ ((I + P) + (R + NC + O) + (UH + UO)). Forwarded mail can carry it above 1.
func (r Row) rr(n int64) *float64 { return share(n, r.size()) }
