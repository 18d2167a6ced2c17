package attacker

// Hidden stands for a number that was not published.
const Hidden = int64(-1)

// Publication is everything that was published of a survey, one release after another.
type Publication struct {
	Minimum  int64
	Releases []Release
}

// Release is what was published at one time: the counts of all the answers up to then.
type Release struct {
	N int64
	// Divided are those whom divisions are of; 0: all.
	Divided     int64
	Backgrounds []Background
	Items       []Item
	Rows        []Row
}

// Background is a question by which figures are divided.
type Background struct {
	Name string
	// Groups are its options, in groups; how many people each has stands in the item of the same name.
	Groups [][]int
	N      []int64
}

// Item is a question, or a part of one. Items of one name are the same in all releases.
type Item struct {
	Name    string
	Options int
	// Multiple is an item of which somebody may choose several options; each option is its own
	// category then. At most Most of them, if that is not 0, and at least one.
	Multiple bool
	Most     int
	// Everybody answered it.
	Everybody bool
	// Values are what the options are as numbers, in rising order, NaN for what is none; nil where
	// no option is a number.
	Values []float64
	Figures
	Divisions []Division
	// Aside are the figures of those who are in no division, as far as the rows tell them; nil: they do not.
	Aside *Figures
	// From and Chose say that only those who chose one of the options of another item were asked.
	From  string
	Chose []int
}

// Figures are an item's of some people.
type Figures struct {
	Answered   int64
	Categories [][]int // of options; what is in none was left out
	Counts     []int64
	Summary    *Summary
}

// Division is an item by the groups of a background.
type Division struct {
	Background int
	Groups     []Figures
}

// Summary is what was said of answers that are numbers, the mean to one decimal. Intervals are not in
// it: they follow from the rest.
type Summary struct {
	N      int64
	Mean   float64
	Median *float64
}

// Row is a person's answers in the microdata: options by the item's name, -1 for none; and the
// options of each background that may be theirs, nil where nothing is said of it.
type Row struct {
	Answers     map[string]int
	Backgrounds [][]int
}
