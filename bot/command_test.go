package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/link"
	"viesti/staff"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]command{
		"":                                   {Verb: verbHelp},
		"  \u00a0 ":                          {Verb: verbHelp},
		"HELP":                               {Verb: verbHelp, Lang: i18n.En, Word: "HELP"},
		"hjalp":                              {Verb: verbHelp, Lang: i18n.Sv, Word: "hjalp"},
		"rates":                              {Verb: verbRates, Lang: i18n.En, Word: "rates"},
		"rates all":                          {Verb: verbRates, Lang: i18n.En, Word: "rates", All: true},
		"vastaukset kaikki":                  {Verb: verbRates, Lang: i18n.Fi, Word: "vastaukset", All: true},
		"svar\u00a0“ETNO i östra”":           {Verb: verbRates, Lang: i18n.Sv, Word: "svar", Network: "ETNO i östra"},
		"rates ‘pomako’":                     {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "pomako"},
		"rates a—b":                          {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "a-b"},
		"rates A &amp; B":                    {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "A & B"},
		"rates <#C012|general>":              {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "C012"},
		"link pomako poster":                 {Verb: verbLink, Lang: i18n.En, Word: "link", Network: "pomako", Channel: link.Poster},
		"linkki Itä-Suomen ETNO verkko":      {Verb: verbLink, Lang: i18n.Fi, Word: "linkki", Network: "Itä-Suomen ETNO", Channel: link.Web},
		"lank affisch":                       {Verb: verbLink, Lang: i18n.Sv, Word: "lank", Channel: link.Poster},
		"frobnicate now":                     {Word: "frobnicate", Network: "now"},
		"status":                             {Verb: verbStatus, Lang: i18n.En, Also: i18n.Sv, Word: "status"},
		"rates pomako public":                {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "pomako", Public: true},
		"vastaukset julkinen kaikki":         {Verb: verbRates, Lang: i18n.Fi, Word: "vastaukset", All: true, Public: true},
		"rates Public Works":                 {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "Works", Public: true},
		"rates “Public Works”":               {Verb: verbRates, Lang: i18n.En, Word: "rates", Network: "Public Works"},
		"bjud in ETNO i östra":               {Verb: verbInvite, Lang: i18n.Sv, Word: "bjud", Network: "ETNO i östra"},
		"PÅMINN alla":                        {Verb: verbRemind, Lang: i18n.Sv, Word: "PÅMINN", All: true},
		"muistuta":                           {Verb: verbRemind, Lang: i18n.Fi, Word: "muistuta"},
		"jaa pomako <#C0GENERAL1|yleinen>":   {Verb: verbShare, Lang: i18n.Fi, Word: "jaa", Network: "pomako", Room: "C0GENERAL1"},
		"share<#C0GENERAL1|>pomako":          {Verb: verbShare, Lang: i18n.En, Word: "share", Network: "pomako", Room: "C0GENERAL1"},
		"tauko kaikki":                       {Verb: verbPause, Lang: i18n.Fi, Word: "tauko", All: true},
		"fortsatt pomako":                    {Verb: verbResume, Lang: i18n.Sv, Word: "fortsatt", Network: "pomako"},
		"digest on pomako Monday 9:00":       {Verb: verbDigest, Lang: i18n.En, Word: "digest", Network: "pomako", Switch: "on", Day: 1, At: "9:00"},
		"kooste päälle pomako ma klo 9.30":   {Verb: verbDigest, Lang: i18n.Fi, Word: "kooste", Network: "pomako", Switch: "on", Day: 1, At: "9:30"},
		"sammandrag av":                      {Verb: verbDigest, Lang: i18n.Sv, Word: "sammandrag", Switch: "off"},
		"digest on sunday <#C0GENERAL1|x>":   {Verb: verbDigest, Lang: i18n.En, Word: "digest", Switch: "on", Day: 7, Room: "C0GENERAL1"},
		"kieli ruotsi":                       {Verb: verbLanguage, Lang: i18n.Fi, Word: "kieli", Reply: i18n.Sv},
		"role <@U012ABC|aino> coordinator x": {Verb: verbRole, Lang: i18n.En, Word: "role", Who: "U012ABC", Role: staff.Coordinator, Network: "x"},
		"rooli <@W012ABC> ei kaikki":         {Verb: verbRole, Lang: i18n.Fi, Word: "rooli", Who: "W012ABC", Role: staff.None, All: true},
		"roll <!subteam^S012ABC|@team> läsare alla": {Verb: verbRole, Lang: i18n.Sv, Word: "roll", Who: "S012ABC", Role: staff.Viewer, All: true},
		"claim ABCD–efgh—jkmn2":                     {Verb: verbClaim, Lang: i18n.En, Word: "claim", Code: "ABCD-efgh-jkmn2"},
		"help remind":                               {Verb: verbHelp, Lang: i18n.En, Word: "help", Topic: verbRemind},
	} {
		if got := parse(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "rates", `link "a b" poster`, "svar «x»", "role <@U012|n> admin", "digest on a ma 9.00", "share a <#C0123456|>", "claim x-y", "bjud in", "<!subteam^S1>", "\xff\xfe", "<#C1|", "&amp;amp;lt;", "help \u202e"} {
		f.Add(s)
	}
	networks := someNetworks()
	f.Fuzz(func(t *testing.T, s string) {
		c := parse(s)
		for _, part := range []string{c.Word, c.Network, name(c.Word), name(c.Network)} {
			if !utf8.ValidString(part) || strings.ContainsAny(part, "\n\r\t") {
				t.Errorf("%q gave %q", s, part)
			}
		}
		if strings.ContainsAny(name(c.Network), "<>*`~") {
			t.Errorf("%q can be formatted", name(c.Network))
		}
		find(networks, c.Network)
		nearestNetwork(networks, c.Network)
		nearestWord(c.Word, i18n.Fi)
	})
}

func TestOnlyAdministratorsAreAnswered(t *testing.T) {
	slack := &directoryOf{members: map[string][]string{"S0GROUP": {"U0MEMBER"}}}
	now := testTime
	a := newAccess([]string{"U0ADMIN", "W0ADMIN", "S0GROUP"}, slack, func() time.Time { return now })
	allowed := func(user string) bool {
		rights, err := a.rights(t.Context(), user)
		if (err != nil) != (slack.failing != nil) {
			t.Errorf("%s: %v", user, err)
		}
		return rights.Anywhere(staff.Look)
	}
	if !allowed("U0MEMBER") || allowed("U0OTHER") || !allowed("U0MEMBER") || allowed("") || slack.calls != 1 {
		t.Errorf("members: %d calls", slack.calls)
	}
	slack.members["S0GROUP"] = nil
	now = now.Add(trusted)
	if allowed("U0MEMBER") {
		t.Error("a member who left is still believed")
	}
	slack.members["S0GROUP"], slack.failing = []string{"U0MEMBER"}, errBroken
	now = now.Add(trusted)
	if allowed("U0MEMBER") {
		t.Error("who cannot be asked about is let in")
	}
	if !allowed("U0ADMIN") || !allowed("W0ADMIN") {
		t.Error("who is named depends on the group")
	}
}

// directoryOf is a workspace that counts how often it is asked for members.
type directoryOf struct {
	members map[string][]string
	failing error
	calls   int
}

func (d *directoryOf) team(context.Context) (string, error) { return testTeam, d.failing }

func (d *directoryOf) scopes(context.Context) (string, error) { return "", d.failing }

func (d *directoryOf) membersOf(_ context.Context, g string) ([]string, error) {
	d.calls++
	return d.members[g], d.failing
}

func TestNothingLeaksToOthers(t *testing.T) {
	bot := testBot(t, testDesk{networks: someNetworks()}, nil)
	for _, text := range []string{"rates", "rates pomako", "rates pomakoo", "link moniheli", "status"} {
		a := bot.Command(t.Context(), typed("U0OTHER", text))
		if a.Text != i18n.T(i18n.En, "bot.denied", i18n.Args{"admins": "<@U0ADMIN>"}) {
			t.Errorf("%s: %s", text, a.Text)
		}
	}
}

func TestSlowDeskIsAnsweredInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := testBot(t, testDesk{hang: true}, nil)
		start := time.Now()
		a := bot.Command(t.Context(), typed("U0ADMIN", "rates"))
		if took := time.Since(start); took >= 3*time.Second {
			t.Errorf("took %s", took)
		}
		if a.Text != i18n.T(i18n.En, "bot.slow", nil) {
			t.Errorf("got %s", a.Text)
		}
	})
}

func TestFaultsAreNotTold(t *testing.T) {
	for what, d := range map[string]testDesk{"error": {err: errBroken}, "panic": {panics: true}} {
		a := testBot(t, d, nil).Command(t.Context(), typed("U0ADMIN", "rates"))
		if strings.Contains(a.Text, "bolt") || strings.Contains(a.Text, "panic") || !strings.Contains(a.Text, "reference") {
			t.Errorf("%s: %s", what, a.Text)
		}
	}
}

func TestLinkIsOfTheChannelsNetwork(t *testing.T) {
	bot := testBot(t, testDesk{networks: someNetworks()}, nil)
	a := bot.Command(t.Context(), Inbound{Team: testTeam, User: "U0ADMIN", Channel: "C0ETNOEAST", Text: "link"})
	if !strings.Contains(a.Text, "https://kysely.example.org/r/etno_eastslack") {
		t.Errorf("got %s", a.Text)
	}
}

func TestRepeatedDeliveriesAreTakenOnce(t *testing.T) {
	now := testTime
	bot := testBot(t, testDesk{}, func(o *Options) { o.Now = func() time.Time { return now } })
	in := Inbound{Kind: KindCommand, Key: "1.2", Team: testTeam, User: "U0ADMIN", Text: "help"}
	if bot.handle(t.Context(), in).Text == "" || bot.handle(t.Context(), in).Text != "" {
		t.Error("a repeated command is answered twice")
	}
	now = now.Add(6 * time.Minute)
	if bot.handle(t.Context(), in).Text != "" {
		t.Error("a command is forgotten while its signature holds")
	}
	in.Key = ""
	for range 2 {
		if bot.handle(t.Context(), in).Text == "" {
			t.Error("commands without a name are one")
		}
	}
	for range 3 {
		now = now.Add(seenSpan)
		bot.seen.before(KindEvent, "other")
	}
	if n := len(bot.seen.young) + len(bot.seen.old); n > 2 {
		t.Errorf("%d keys are kept for ever", n)
	}
}

// TestOutsidersAndStrangersGetNothing presses what others were shown.
func TestOutsidersAndStrangersGetNothing(t *testing.T) {
	b := testBot(t, newBusyDesk(), nil)
	for _, who := range []struct{ team, user, want string }{
		{"T0OTHER", "U0ADMIN", "bot.outside"},
		{"", "U0ADMIN", "bot.outside"},
		{testTeam, "U0OTHER", "bot.denied"},
		{testTeam, "", "bot.denied"},
	} {
		for action := range steps {
			m := pressNow(t, b, Inbound{Kind: KindInteraction, Team: who.team, User: who.user, Channel: somewhere, Action: action + "/en/1", Value: "pomako"})
			if want := i18n.T(i18n.En, who.want, i18n.Args{"admins": "<@U0ADMIN>"}); m.text() != want || len(m.blocks) != 1 || m.then != nil {
				t.Errorf("%s of %q presses %s: %q", who.user, who.team, action, m.text())
			}
		}
	}
	m := pressNow(t, b, Inbound{Kind: KindInteraction, Team: testTeam, User: "U0VIEWER", Action: "rates/en/1", Value: "etno_east"})
	if strings.Contains(m.text(), "372") || strings.Contains(m.text(), "ETNO Eastern") {
		t.Errorf("a viewer of pomako is told of etno_east: %s", m.text())
	}
}

// Who has a role in a network looks at those under it, and holds nothing there.
func TestNetworksUnderOnesOwn(t *testing.T) {
	list := someNetworks()
	list[2].Parent = "pomako" // moniheli
	b := testBot(t, testDesk{networks: list}, nil)
	for _, c := range []struct {
		user, text string
		sees       bool
	}{
		{"U0VIEWER", "rates moniheli", true},
		{"U0COORD", "rates moniheli", true},
		{"U0COORD", "rates all", true},
		{"U0COORD", "link moniheli", true},
		{"U0COORD", "pause moniheli", false},
		{"U0COORD", "invite moniheli", false},
	} {
		m := said(t, b, c.user, c.text)
		if got := m.text(); strings.Contains(got, "Member associations of Moniheli") != c.sees {
			t.Errorf("%s %s: %s", c.user, c.text, got)
		}
	}
	if m := said(t, b, "U0VIEWER", "rates etno_east"); strings.Contains(m.text(), "372") {
		t.Errorf("others are seen: %s", m.text())
	}
}
