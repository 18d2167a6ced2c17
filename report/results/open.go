package results

// CountsDay tells whether the answers sent on a day are in the figures. What was written in others is not
// published either: it would tell that there are some, and how many at least.
func (r Results) CountsDay(day string) bool { return r.Through == "" || day <= r.Through }

// Speak puts in what was released of the open answers, by question. There are none before the close, and
// none to a question of which it may not even be told how many wrote. unread tells of those that are not
// read yet.
func (r *Results) Speak(released func(question string) (answers []string, unread bool)) {
	if !r.Final {
		return
	}
	for _, p := range r.Pages {
		for i := range p.Questions {
			q := &p.Questions[i]
			if q.Open == nil {
				continue
			}
			given, shown := q.Open.Given.Value()
			answers, unread := released(q.ID)
			if !shown {
				continue
			}
			answers = answers[:min(int64(len(answers)), given)] // more would tell of those who wrote since the number was shown
			q.Open = &Open{Given: q.Open.Given, Day: q.Open.Day, Answers: append([]string{}, answers...), Unread: unread}
		}
	}
}
