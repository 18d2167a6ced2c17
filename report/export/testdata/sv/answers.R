# Enkät: Partnerskapsbarometern
# Arrangör: Exempelministeriet
# Omgång: 2026
# Frågeformulär: partnership-barometer 3
# Svarstid: 1 mars 2027–31 mars 2027
# Talen publicerade: 2 april 2027
# Svarande: 12
# Dataskydd: Bakom varje publicerat tal finns minst 5 svarande. Mindre tal har slagits ihop med andra eller utelämnats, så att de inte kan räknas ut ur resten.
# Dataskydd: Varje kombination av bakgrundsuppgifter har minst 5 svarande i materialet.
# Dataskydd: Gjort grövre av dataskyddsskäl: Er organisation (kind).
# Dataskydd: Utelämnat av dataskyddsskäl: region.
# Dataskydd: Raderna står i slumpmässig ordning. Materialet innehåller varken svarsdag, länk eller svar med egna ord.
# Dataskydd: Materialet är ett slumpmässigt urval: 12 av 24 svarande. Alla är inte med, så att ingen kan kännas igen genom att materialet jämförs med tabellerna.
# Bortfall: Tom cell: inget svar. Kod som är märkt som bortfall: ett svar som inte hör till skalan (till exempel Kan inte säga).
# Tabeller: På en rad där hidden är 1 är något tal inte publicerat och dess cell tom.
# Tabeller: Raderna med en bakgrundsuppgift gäller 12 slumpmässigt utvalda svarande. De är andra än de vilkas svar finns i materialet.
#
# Rscript answers.R        reads the .sav where it and the package haven are there, else the .csv
# Rscript answers.R csv    reads the .csv and its codebook with R alone
# Rscript answers.R sav    reads the .sav with haven
#
# source("answers.R") gives a data frame, answers: factors with the options' words, numbers, texts. What
# is marked as missing is NA. answers_codes has the codes as they are in the file.

stem <- "answers"

numbers <- c("grade", "years")

# One variable: codes into a factor or a number, without the values that are missing.
answers_of <- function(name, x, values, words, missing) {
  x[x %in% values[missing]] <- NA
  if (length(values) == 0 || name %in% numbers) return(x)
  factor(x, levels = values[!missing], labels = make.unique(words[!missing]))
}

answers_from_csv <- function() {
  codebook <- read.csv(paste0(stem, "-codebook.csv"), colClasses = "character", na.strings = "", encoding = "UTF-8")
  unguard <- function(x) sub("^'", "", x) # it stands before what a spreadsheet would take for a formula
  codes <- read.csv(paste0(stem, ".csv"), colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE, blank.lines.skip = FALSE)
  texts <- names(codes) %in% codebook$variable[codebook$measure == "text"]
  codes[texts] <- lapply(codes[texts], unguard)
  codes[!texts] <- lapply(codes[!texts], as.numeric)
  answers <- codes
  for (name in names(codes)) {
    of <- codebook[codebook$variable == name & !is.na(codebook$code), ]
    answers[[name]] <- answers_of(name, codes[[name]], as.numeric(of$code), unguard(of$value_label), !is.na(of$missing))
    attr(answers[[name]], "label") <- unguard(codebook$label[match(name, codebook$variable)])
  }
  list(answers = answers, codes = codes)
}

answers_from_sav <- function() {
  read <- haven::read_sav(paste0(stem, ".sav"), user_na = TRUE)
  codes <- as.data.frame(lapply(read, function(x) {
    x <- as.vector(unclass(x))
    if (is.character(x)) x[x == ""] <- NA
    x
  }), check.names = FALSE)
  answers <- codes
  for (name in names(codes)) {
    labels <- attr(read[[name]], "labels", exact = TRUE)
    range <- attr(read[[name]], "na_range", exact = TRUE)
    missing <- labels %in% attr(read[[name]], "na_values", exact = TRUE)
    if (!is.null(range)) missing <- missing | (labels >= range[1] & labels <= range[2])
    answers[[name]] <- answers_of(name, codes[[name]], as.vector(labels), names(labels), missing)
    attr(answers[[name]], "label") <- attr(read[[name]], "label", exact = TRUE)
  }
  list(answers = answers, codes = codes)
}

if (!exists("answers_source")) answers_source <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(answers_source)) {
  there <- file.exists(paste0(stem, ".sav")) && requireNamespace("haven", quietly = TRUE)
  answers_source <- if (there) "sav" else "csv"
}
both <- if (answers_source == "sav") answers_from_sav() else answers_from_csv()
answers <- both$answers
answers_codes <- both$codes

cat("Svarande:", nrow(answers), "\n\n")
coded <- names(answers)[vapply(answers, is.factor, NA)]
if (length(coded) == 0) {
  cat("Materialet inneh\U000000E5ller inga klassificerade variabler.", "\n")
} else {
  shown <- answers[[coded[1]]]
  cat(coded[1], "\n", attr(shown, "label"), "\n\n", sep = "")
  shares <- table(shown, useNA = "ifany")
  names(shares)[is.na(names(shares))] <- "uppgift saknas"
  print(data.frame(n = as.vector(shares), share = round(as.vector(prop.table(shares)), 3), row.names = names(shares)))
}
