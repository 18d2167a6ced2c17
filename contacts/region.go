package contacts

// National is the region of networks that span several regions or all.
const National = "national"

// Regions are the nineteen regions of Finland (maakunta, landskap) and National. A network keeps
// its region, never its regional centre: the centres were redrawn on 1 January 2026.
var Regions = []string{
	"uusimaa", "varsinais-suomi", "satakunta", "kanta-hame", "pirkanmaa", "paijat-hame",
	"kymenlaakso", "etela-karjala", "etela-savo", "pohjois-savo", "pohjois-karjala",
	"keski-suomi", "etela-pohjanmaa", "pohjanmaa", "keski-pohjanmaa", "pohjois-pohjanmaa",
	"kainuu", "lappi", "ahvenanmaa", National,
}
