package results

import "viesti/i18n"

// when says whom a question is asked, in the words that respondents are told it in; nil where it is
// asked of everybody, or no longer.
func (c *catalog) when(id string) i18n.Text {
	for i := range c.last.Pages {
		page := &c.last.Pages[i]
		for j := range page.Questions {
			if q := &page.Questions[j]; q.ID == id && page.Relevance+q.Relevance != "" {
				return c.condition(page.Relevance, q.Relevance)
			}
		}
	}
	return nil
}

// condition puts conditions that all have to hold into words, a sentence for each.
func (c *catalog) condition(sources ...string) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		for _, source := range sources {
			said := c.last.When(source, l)
			if said != "" && t[l] != "" {
				said = " " + said
			}
			t[l] += said
		}
	}
	return t
}
