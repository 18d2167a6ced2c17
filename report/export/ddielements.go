package export

import (
	"encoding/xml"

	"viesti/i18n"
)

// The elements of DDI-Codebook 2.5 that are written, in the order its schema asks for.

type codeBook struct {
	XMLName   xml.Name      `xml:"codeBook"`
	Namespace string        `xml:"xmlns,attr"`
	XSI       string        `xml:"xmlns:xsi,attr"`
	Location  string        `xml:"xsi:schemaLocation,attr"`
	Version   string        `xml:"version,attr"`
	Lang      i18n.Lang     `xml:"xml:lang,attr"`
	Document  document      `xml:"docDscr"`
	Study     study         `xml:"stdyDscr"`
	Files     []dataFile    `xml:"fileDscr"`
	Variables []ddiVariable `xml:"dataDscr>var"`
	Notes     []text        `xml:"dataDscr>notes"`
}

type text struct {
	Lang i18n.Lang `xml:"xml:lang,attr"`
	Text string    `xml:",chardata"`
}

type document struct {
	Citation citation `xml:"citation"`
}

type citation struct {
	Titles   titles   `xml:"titlStmt"`
	Authors  []text   `xml:"rspStmt>AuthEnty"`
	Producer producer `xml:"prodStmt"`
	Version  *version `xml:"verStmt"`
}

type titles struct {
	Title    text   `xml:"titl"`
	Parallel []text `xml:"parTitl"`
}

type producer struct {
	Names    []text `xml:"producer"`
	Date     *date  `xml:"prodDate"`
	Software string `xml:"software,omitempty"`
}

type version struct {
	Version text `xml:"version"`
}

type date struct {
	Date  string `xml:"date,attr"`
	Event string `xml:"event,attr,omitempty"`
	Text  string `xml:",chardata"`
}

type study struct {
	Citation citation `xml:"citation"`
	Abstract []text   `xml:"stdyInfo>abstract"`
	Summary  summary  `xml:"stdyInfo>sumDscr"`
	Method   method   `xml:"method>dataColl"`
	Use      []use    `xml:"dataAccs>useStmt"`
}

type summary struct {
	Collected []date `xml:"collDate"`
	Unit      []text `xml:"anlyUnit"`
	Universe  []text `xml:"universe"`
	Kind      []text `xml:"dataKind"`
}

type method struct {
	Time      []text `xml:"timeMeth"`
	Collector []text `xml:"dataCollector"`
	Sampling  []text `xml:"sampProc"`
	Mode      []text `xml:"collMode"`
	Cleaning  []text `xml:"cleanOps"`
}

// use has room for one language; there is one for each.
type use struct {
	Restriction *text `xml:"restrctn"`
	Conditions  text  `xml:"conditions"`
}

type dataFile struct {
	ID   string     `xml:"ID,attr"`
	Name string     `xml:"fileTxt>fileName"`
	Size dimensions `xml:"fileTxt>dimensns"`
	Kind fileType   `xml:"fileTxt>fileType"`
}

type dimensions struct {
	Cases     int `xml:"caseQnty"`
	Variables int `xml:"varQnty"`
}

type fileType struct {
	Charset string `xml:"charset,attr"`
	Text    string `xml:",chardata"`
}

type ddiVariable struct {
	ID         string     `xml:"ID,attr"`
	Name       string     `xml:"name,attr"`
	Files      string     `xml:"files,attr"`
	Decimals   string     `xml:"dcml,attr,omitempty"`
	Interval   string     `xml:"intrvl,attr"`
	Nature     string     `xml:"nature,attr"`
	Labels     []text     `xml:"labl"`
	Questions  []question `xml:"qstn"`
	Valid      *ranges    `xml:"valrng"`
	Invalid    *ranges    `xml:"invalrng"`
	Universe   []text     `xml:"universe"`
	Answered   *int64     `xml:"TotlResp"`
	Statistics []measured `xml:"sumStat"`
	Categories []category `xml:"catgry"`
	Format     format     `xml:"varFormat"`
}

type question struct {
	Lang i18n.Lang `xml:"xml:lang,attr"`
	Text string    `xml:"qstnLit"`
}

type ranges struct {
	Items []item `xml:"item"`
	Range *span  `xml:"range"`
}

type item struct {
	Value int `xml:"VALUE,attr"`
}

type span struct {
	Min int `xml:"min,attr"`
	Max int `xml:"max,attr"`
}

type category struct {
	Missing    string      `xml:"missing,attr"`
	Value      int         `xml:"catValu"`
	Labels     []text      `xml:"labl"`
	Statistics []statistic `xml:"catStat"`
}

type statistic struct {
	Type  string `xml:"type,attr"`
	Count int64  `xml:",chardata"`
}

type measured struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type format struct {
	Type   string `xml:"type,attr"`
	Name   string `xml:"formatname,attr"`
	Schema string `xml:"schema,attr"`
}
