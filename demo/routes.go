package demo

import (
	"embed"
	"net/http"
	"strings"

	"viesti/demo/frame"
	"viesti/internal/fault"
	"viesti/link"
)

//go:embed start.html rates.html
var files embed.FS

func (d *demo) routes() http.Handler {
	start, rates := frame.Template(files, "start.html"), frame.Template(files, "rates.html")
	mux := http.NewServeMux()
	frame.Register(mux)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		v, err := d.startView(r)
		if err == nil {
			if v.Busy() {
				w.Header().Set("Refresh", "4")
			}
			err = frame.Show(w, start, v.Lang, v)
		}
		d.failed(w, r, err)
	})
	mux.HandleFunc("GET "+frame.Rates, func(w http.ResponseWriter, r *http.Request) {
		v, err := d.ratesView(r)
		if err == nil {
			if d.crowd.On() {
				w.Header().Set("Refresh", "4")
			}
			err = frame.Show(w, rates, v.Lang, v)
		}
		d.failed(w, r, err)
	})
	mux.Handle("GET "+frame.Report, d.report())
	mux.HandleFunc("POST /crowd", d.switchCrowd)
	mux.HandleFunc("GET /poster.pdf", d.poster)
	mux.Handle(frame.Mailbox, d.box)
	mux.Handle(frame.Chat, http.StripPrefix(strings.TrimSuffix(frame.Chat, "/"), d.chat))
	return http.NewCrossOriginProtection().Handler(mux)
}

// failed answers a page that could not be made, if it could not.
func (d *demo) failed(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil || r.Context().Err() != nil {
		return
	}
	status := http.StatusBadRequest
	if fault.KindOf(err) != fault.Invalid {
		status = http.StatusInternalServerError
		d.Log.Error("page failed", "path", r.URL.Path, "err", err)
	}
	http.Error(w, fault.Of(err).Say(frame.Lang(r)), status)
}

// switchCrowd turns the simulated respondents on or off.
func (d *demo) switchCrowd(w http.ResponseWriter, r *http.Request) {
	d.crowd.Switch(r.PostFormValue("on") == "yes")
	http.Redirect(w, r, frame.Start+"?lang="+string(frame.Lang(r)), http.StatusSeeOther) //nolint:gosec // Lang gives one of three
}

// poster is the poster of the start page's network.
func (d *demo) poster(w http.ResponseWriter, r *http.Request) {
	lang := frame.Lang(r)
	url, err := d.link(r.Context(), link.Poster)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	networks, err := d.app.Store.Networks(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	s := d.config.Survey
	pdf, err := link.Sheet{
		Title: d.title.In(lang), Network: name(networks, network, lang), Organiser: s.Organiser.In(lang),
		Minutes: d.minutes, Closes: s.Closes, URL: url, Lang: lang,
	}.PDF()
	if err != nil {
		d.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	_, _ = w.Write(pdf)
}
