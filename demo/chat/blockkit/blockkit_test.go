package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// x is n characters that are two bytes each.
func x(n int) string { return strings.Repeat("ä", n) }

// many is n pieces of JSON, each with its number in it.
func many(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return strings.Join(list, ",")
}

func plain(n int) string { return `{"type":"plain_text","text":"` + x(n) + `"}` }

func mrkdwn(n int) string { return `{"type":"mrkdwn","text":"` + x(n) + `"}` }

func actions(elements string) string { return `[{"type":"actions","elements":[` + elements + `]}]` }

func input(element string) string {
	return `[{"type":"input","label":` + plain(1) + `,"element":` + element + `}]`
}

func section(accessory string) string {
	return `[{"type":"section","text":` + mrkdwn(1) + `,"accessory":` + accessory + `}]`
}

func button(more string) string {
	return `{"type":"button","text":` + plain(75) + more + `}`
}

func confirmed(title, text, yes int) string {
	return fmt.Sprintf(`,"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}`, plain(title), plain(text), plain(yes), plain(1))
}

func opts(n, text, value int) string {
	return `"options":[` + many(n, `{"text":`+plain(text)+`,"value":"#`+strings.Repeat("v", max(value-len(fmt.Sprint(n-1)), 0))+`"}`) + `]`
}

func bars(series, categories int, more string) string {
	points := many(categories, `{"label":"c#","value":1.5}`)
	return `[{"type":"data_visualization","title":"` + x(50) + `","chart":{"type":"bar","series":[` +
		many(series, `{"name":"s#","data":[`+strings.ReplaceAll(points, "#", "")+`]}`) +
		`],"axis_config":{"categories":[` + many(categories, `"c#"`) + `]` + more + `}}}]`
}

var taken = map[string]string{
	"divider":              `[{"type":"divider"}]`,
	"fifty blocks":         `[` + many(50, `{"type":"divider","block_id":"b#"}`) + `]`,
	"longest section":      `[{"type":"section","text":` + mrkdwn(3000) + `}]`,
	"fields":               `[{"type":"section","fields":[` + many(10, mrkdwn(2000)) + `]}]`,
	"longest header":       `[{"type":"header","text":` + plain(150) + `}]`,
	"context":              `[{"type":"context","elements":[` + many(9, mrkdwn(10)) + `,{"type":"image","image_url":"https://x.fi/a.png","alt_text":"a"}]}]`,
	"actions":              actions(many(25, button(`,"action_id":"a#","value":"`+x(2000)+`","style":"danger"`))),
	"confirm":              actions(button(confirmed(100, 300, 30))),
	"overflow":             section(`{"type":"overflow",` + opts(5, 75, 75) + `}`),
	"select":               actions(`{"type":"static_select","placeholder":` + plain(150) + `,` + opts(100, 75, 75) + `}`),
	"initial option":       actions(`{"type":"static_select","options":[{"text":{"type":"plain_text","text":"a"},"value":"1"}],"initial_option":{"value":"1","text":{"text":"a","type":"plain_text"}}}`),
	"multi in section":     section(`{"type":"multi_users_select"}`),
	"image":                `[{"type":"image","image_url":"https://x.fi/a.png","alt_text":"a","title":` + plain(2000) + `}]`,
	"chart":                strings.Replace(bars(6, 1, `,"y_label":"`+x(50)+`"`), `"value":1.5`, `"value":-2`, 1),
	"pie":                  `[{"type":"data_visualization","title":"a","chart":{"type":"pie","segments":[` + many(6, `{"label":"s#","value":1}`) + `]}}]`,
	"table":                `[{"type":"table","rows":[` + many(100, `[{"type":"raw_text","text":"a"},null,{"type":"raw_number","value":1}]`) + `]}]`,
	"markdown":             `[{"type":"markdown","text":"` + x(12_000) + `"}]`,
	"same id in two":       `[` + many(2, `{"type":"actions","block_id":"b#","elements":[{"type":"button","action_id":"same","text":`+plain(1)+`}]}`) + `]`,
	"times":                actions(`{"type":"timepicker","initial_time":"09:00"},{"type":"datepicker","initial_date":"2027-03-14"}`),
	"rich text":            `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]`,
	"an input in messages": input(`{"type":"plain_text_input","max_length":3000}`),
}

func TestTaken(t *testing.T) {
	for name, blocks := range taken {
		if faults := Message(json.RawMessage(blocks)); faults != nil {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

var refused = map[string]struct{ blocks, want string }{
	"no JSON":             {`[`, "invalid JSON"},
	"two":                 {`[{"type":"divider"}][]`, "invalid JSON"},
	"no array":            {`{}`, "must be an array"},
	"none":                {`[]`, "no fewer than 1"},
	"51 blocks":           {`[` + many(51, `{"type":"divider"}`) + `]`, "no more than 50"},
	"unknown block":       {`[{"type":"telepathy"}]`, "unsupported type: telepathy"},
	"unknown property":    {`[{"type":"divider","colour":"red"}]`, "invalid additional property: colour"},
	"block id twice":      {`[` + many(2, `{"type":"divider","block_id":"b"}`) + `]`, "block_id already exists"},
	"long block id":       {`[{"type":"divider","block_id":"` + x(256) + `"}]`, "less than 256"},
	"empty section":       {`[{"type":"section"}]`, "text or fields"},
	"long section":        {`[{"type":"section","text":` + mrkdwn(3001) + `}]`, "less than 3001"},
	"empty text":          {`[{"type":"section","text":` + mrkdwn(0) + `}]`, "more than 0"},
	"text without type":   {`[{"type":"section","text":{"text":"a"}}]`, "must be one of [mrkdwn plain_text]"},
	"emoji in mrkdwn":     {`[{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}]`, "emoji"},
	"verbatim in plain":   {`[{"type":"section","text":{"type":"plain_text","text":"a","verbatim":true}}]`, "verbatim"},
	"11 fields":           {`[{"type":"section","fields":[` + many(11, mrkdwn(1)) + `]}]`, "no more than 10"},
	"long field":          {`[{"type":"section","fields":[` + mrkdwn(2001) + `]}]`, "less than 2001"},
	"long header":         {`[{"type":"header","text":` + plain(151) + `}]`, "less than 151"},
	"mrkdwn header":       {`[{"type":"header","text":` + mrkdwn(1) + `}]`, "must be one of [plain_text]"},
	"11 in context":       {`[{"type":"context","elements":[` + many(11, mrkdwn(1)) + `]}]`, "no more than 10"},
	"button in context":   {`[{"type":"context","elements":[` + button("") + `]}]`, "unsupported type: button"},
	"26 actions":          {actions(many(26, button(""))), "no more than 25"},
	"no actions":          {actions(""), "no fewer than 1"},
	"long button":         {actions(`{"type":"button","text":` + plain(76) + `}`), "less than 76"},
	"long value":          {actions(button(`,"value":"` + x(2001) + `"`)), "less than 2001"},
	"long url":            {actions(button(`,"url":"` + x(3001) + `"`)), "less than 3001"},
	"long label":          {actions(button(`,"accessibility_label":"` + x(76) + `"`)), "less than 76"},
	"style":               {actions(button(`,"style":"default"`)), "must be one of [primary danger]"},
	"action id twice":     {actions(many(2, button(`,"action_id":"a"`))), "action_id already exists"},
	"long action id":      {actions(button(`,"action_id":"` + x(256) + `"`)), "less than 256"},
	"confirm title":       {actions(button(confirmed(101, 1, 1))), "less than 101"},
	"confirm text":        {actions(button(confirmed(1, 301, 1))), "less than 301"},
	"confirm yes":         {actions(button(confirmed(1, 1, 31))), "less than 31"},
	"6 in overflow":       {actions(`{"type":"overflow",` + opts(6, 1, 1) + `}`), "no more than 5"},
	"101 options":         {actions(`{"type":"static_select",` + opts(101, 1, 3) + `}`), "no more than 100"},
	"long option":         {actions(`{"type":"static_select",` + opts(1, 76, 1) + `}`), "less than 76"},
	"long option value":   {actions(`{"type":"static_select",` + opts(1, 1, 76) + `}`), "less than 76"},
	"no options":          {actions(`{"type":"static_select"}`), "either options or option_groups"},
	"placeholder":         {actions(`{"type":"users_select","placeholder":` + plain(151) + `}`), "less than 151"},
	"foreign initial":     {actions(`{"type":"static_select",` + opts(1, 1, 1) + `,"initial_option":{"text":` + plain(1) + `,"value":"no"}}`), "initial option does not match"},
	"11 radio buttons":    {actions(`{"type":"radio_buttons",` + opts(11, 1, 2) + `}`), "no more than 10"},
	"11 checkboxes":       {actions(`{"type":"checkboxes",` + opts(11, 1, 2) + `}`), "no more than 10"},
	"multi in actions":    {actions(`{"type":"multi_users_select"}`), "unsupported type: multi_users_select"},
	"text input outside":  {actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input"},
	"button as input":     {input(button("")), "unsupported type: button"},
	"input without label": {`[{"type":"input","element":{"type":"plain_text_input"}}]`, "missing required field: label"},
	"max_length":          {input(`{"type":"plain_text_input","max_length":3001}`), "from 1 to 3000"},
	"half a character":    {input(`{"type":"plain_text_input","max_length":1.5}`), "must be an integer"},
	"date":                {actions(`{"type":"datepicker","initial_date":"14.3.2027"}`), "must match"},
	"time":                {actions(`{"type":"timepicker","initial_time":"9.00"}`), "must match"},
	"response_url":        {input(`{"type":"conversations_select","response_url_enabled":true}`), "inputs of modals"},
	"image without alt":   {`[{"type":"image","image_url":"https://x.fi/a.png"}]`, "missing required field: alt_text"},
	"image without image": {`[{"type":"image","alt_text":"a"}]`, "image_url or slack_file"},
	"long markdown":       {`[` + many(2, `{"type":"markdown","text":"`+x(6001)+`"}`) + `]`, "less than 12001"},
	"101 rows":            {`[{"type":"table","rows":[` + many(101, `[null]`) + `]}]`, "no more than 100"},
	"21 columns":          {`[{"type":"table","rows":[[` + many(21, `null`) + `]]}]`, "no more than 20"},
	"two tables":          {`[` + many(2, `{"type":"table","rows":[[null]]}`) + `]`, "only_one_table_allowed"},
	"three charts":        {`[` + many(3, strings.TrimSuffix(strings.TrimPrefix(bars(1, 1, ""), "["), "]")) + `]`, "no more than 2"},
	"7 series":            {bars(7, 1, ""), "no more than 6"},
	"21 categories":       {bars(1, 21, ""), "no more than 20"},
	"long axis":           {bars(1, 1, `,"x_label":"`+x(51)+`"`), "less than 51"},
	"long title":          {strings.Replace(bars(1, 1, ""), x(50), x(51), 1), "less than 51"},
	"long category":       {strings.ReplaceAll(bars(1, 1, ""), `"c0"`, `"`+x(21)+`"`), "less than 21"},
	"words as values":     {strings.Replace(bars(1, 1, ""), `1.5`, `"1.5"`, 1), "must be a number"},
	"missing point":       {strings.Replace(bars(1, 1, ""), `["c0"]`, `["c0","c1"]`, 1), "one data point for each category"},
	"foreign point":       {strings.Replace(bars(1, 1, ""), `["c0"]`, `["c1"]`, 1), "one of the categories"},
	"category twice":      {strings.Replace(bars(1, 1, ""), `["c0"]`, `["c0","c0"]`, 1), "duplicate category"},
	"series twice":        {strings.Replace(bars(2, 1, ""), `"s1"`, `"s0"`, 1), "duplicate series"},
	"empty pie slice":     {`[{"type":"data_visualization","title":"a","chart":{"type":"pie","segments":[{"label":"a","value":0}]}}]`, "must be a number"},
	"unknown chart":       {`[{"type":"data_visualization","title":"a","chart":{"type":"radar"}}]`, "unsupported type: radar"},
}

func TestRefused(t *testing.T) {
	for name, c := range refused {
		faults := Message(json.RawMessage(c.blocks))
		if !strings.Contains(strings.Join(faults, "\n"), c.want) || faults == nil {
			t.Errorf("%s: got %v, want %q", name, faults, c.want)
		}
	}
}

func modalOf(title, submit int, blocks, more string) string {
	s := `{"type":"modal","title":` + plain(title) + `,"blocks":` + blocks
	if submit > 0 {
		s += `,"submit":` + plain(submit)
	}
	return s + more + `}`
}

func TestViews(t *testing.T) {
	for name, c := range map[string]struct{ view, want string }{
		"modal":               {modalOf(24, 24, input(`{"type":"plain_text_input"}`), `,"private_metadata":"`+x(3000)+`","callback_id":"`+x(255)+`"`), ""},
		"home":                {`{"type":"home","blocks":[` + many(100, `{"type":"divider"}`) + `]}`, ""},
		"long title":          {modalOf(25, 0, `[]`, ""), "less than 25"},
		"long submit":         {modalOf(1, 25, `[]`, ""), "less than 25"},
		"long close":          {modalOf(1, 0, `[]`, `,"close":`+plain(25)), "less than 25"},
		"input, no submit":    {modalOf(1, 0, input(`{"type":"plain_text_input"}`), ""), "missing required field: submit"},
		"long metadata":       {modalOf(1, 0, `[]`, `,"private_metadata":"`+x(3001)+`"`), "less than 3001"},
		"101 blocks":          {`{"type":"home","blocks":[` + many(101, `{"type":"divider"}`) + `]}`, "no more than 100"},
		"title at home":       {`{"type":"home","blocks":[],"title":` + plain(1) + `}`, "invalid additional property: title"},
		"chart in a modal":    {modalOf(1, 0, bars(1, 1, ""), ""), "unsupported type: data_visualization"},
		"two with focus":      {modalOf(1, 1, `[`+many(2, strings.Trim(input(`{"type":"plain_text_input","focus_on_load":true}`), "[]"))+`]`, ""), "only one element"},
		"response_url":        {modalOf(1, 1, input(`{"type":"conversations_select","response_url_enabled":true}`), ""), ""},
		"unknown view":        {`{"type":"wall","blocks":[]}`, "must be one of [modal]"},
		"no title":            {`{"type":"modal","blocks":[]}`, "missing required field: title"},
		"too large a view":    {modalOf(1, 0, `[`+many(50, `{"type":"section","text":`+mrkdwn(3000)+`}`)+`]`, ""), "larger than"},
		"a string for a view": {`"modal"`, "must be an object"},
	} {
		faults := View(json.RawMessage(c.view))
		if c.want == "" && faults != nil || !strings.Contains(strings.Join(faults, "\n"), c.want) {
			t.Errorf("%s: got %v, want %q", name, faults, c.want)
		}
	}
}

func TestReplies(t *testing.T) {
	for reply, want := range map[string]string{
		`{"response_type":"ephemeral","text":"a","blocks":[{"type":"divider"}],"unfurl_links":false}`: "",
		`{"delete_original":true}`:               "",
		`{}`:                                     "no_text",
		`{"response_type":"public","text":"a"}`:  "must be one of",
		`{"text":"a","metadata":{}}`:             "invalid additional property",
		`{"text":"` + x(40_001) + `"}`:           "less than 40001",
		`{"text":"a","replace_original":"true"}`: "must be a boolean",
	} {
		faults := Reply(json.RawMessage(reply))
		if want == "" && faults != nil || !strings.Contains(strings.Join(faults, "\n"), want) {
			t.Errorf("%.60s: got %v, want %q", reply, faults, want)
		}
	}
}

func TestFillLeavesTheRest(t *testing.T) {
	n := 0
	filled, err := Fill(json.RawMessage(`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"}},{"type":"button","action_id":"mine","x":[1]}]},{"type":"divider","block_id":"d"}]`),
		func() string { n++; return fmt.Sprint("id", n) })
	want := `[{"block_id":"id1","elements":[{"action_id":"id2","text":{"text":"a","type":"plain_text"},"type":"button"},{"action_id":"mine","type":"button","x":[1]}],"type":"actions"},{"block_id":"d","type":"divider"}]`
	if err != nil || string(filled) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, filled, want)
	}
}

func FuzzBlocks(f *testing.F) {
	for _, blocks := range taken {
		f.Add(blocks)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if Message(json.RawMessage(s)) != nil {
			return
		}
		var list []Block // what is let through can be drawn
		if err := json.Unmarshal([]byte(s), &list); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	})
}
