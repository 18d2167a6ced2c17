package bounce

// The words of servers, as plain makes them: what they say when a mailbox is full, when nobody is
// there, when they do not want us, when it may pass. Facts gathered from the messages of Exim,
// Postfix, Sendmail, qmail, Courier, Exchange and its cloud, Gmail, Yahoo, GMX, Mail.ru, Domino,
// Zimbra, Cisco's and Barracuda's gateways, and of hosting panels, which use one of these.

// policyWords are said of the sender: our name, address, machine, letter or habits.
var policyWords = []string{
	"spam", "unsolicited", "junk mail", "bulk mail", "bulk email", "phish", "malware", "a virus", "virus found", "virus detected", "infected", "blacklist", "black list",
	"blocklist", "block list", "denylist", "whitelist", "allowlist", "dnsbl", " rbl", "spamhaus", "barracuda reputation", "senderbase", "senderscore", "sorbs",
	"reputation", "blocked using", "blocked by", "blocked - ", "this mail has been blocked",
	"message blocked", "mail blocked", "has been blocked for", "ip address is blocked", "ip has been blocked", "host is blocked",
	"your host", "your ip", "your server", "your domain", "your mail server", "sending ip", "sending mta", "client host", "banned",
	"local policy", "policy reasons", "policy violation", "policy restriction", "organizational policy", "security policy",
	"violates", "by policy", "administrative prohibition", "administratively prohibited",
	"content reject", "content filter", "content policy", "message content", "message rejected", "mail rejected", "message refused",
	"message was rejected as", "rejected due to", "rejected because", "refused by filter", "blocked by filter", "message filtered",
	"transport.rules", "rejected by a mail flow rule",
	"spf", "dkim", "dmarc", "unauthenticated", "not authenticated", "authentication required", "authentication failed",
	"authentication is required", "must authenticate", "must be authenticated", "authenticate first", "log in first", "sender id",
	"sender verify failed", "sender address rejected", "sender rejected", "sender was rejected", "sender denied", "sender not", "sender domain",
	"sender is not", "sender refused", "sender blocked", "invalid sender", "bad sender", "bad outbound sender", "callout verification",
	"sender verification", "unverified sender", "envelope sender", "null sender", "relay access denied", "relaying denied", "relaying not", "relay not permitted", "relay denied", "unable to relay",
	"cannot relay", "not permitted to relay", "not allowed to relay", "do not relay", "does not relay", "relaying prohibited",
	"tenantattribution", "reverse dns", "rdns", "ptr record", "no ptr", "helo", "ehlo",
	"not authorized to send", "not allowed to send", "permission to send", "not permitted to send", "do not have permission",
	"only accepts mail from", "only accept mail from", "only accepts messages from", "restricted to", "resolver.rst",
	"delivery restrict", "not accept messages from", "senders allowed", "allowed senders", "authenticated senders",
	"too large", "too big", "size limit", "exceeds size", "exceeds the maximum", "maximum message size", "message size",
	"message length exceeds", "invalid header", "bad header", "header line", "rfc 5322", "rfc5322", "rfc 2822", "not rfc",
	"tls required", "starttls", "encryption is required", "complaint", "abuse", "unwelcome", "suspicious", "untrusted", "absender abgelehnt", "спам",
}

// fullWords are said of a mailbox without room.
var fullWords = []string{
	"mailbox full", "mailbox is full", "mailbox was full", "mailbox has exceeded", "mailbox exceeded", "mailbox exceeds", "mailbox too full", "mail box full",
	"mailbox size limit", "mailbox would exceed", "mailbox over", "mailbox quota", "inbox is full", "inbox full", "mailfolder is full",
	"maildir over quota", "maildir delivery failed: user", "over quota", "overquota", "over-quota", "over the quota", "over its quota", "over their quota", "over storage",
	"over the allowed quota", "quota exceeded", "quota exceed", "quota full", "quota violation", "quotaexceeded", "exceeded quota", "exceeds quota",
	"exceed quota", "exceeded the quota", "exceeded their quota", "exceeded his quota", "exceeded his/her", "exceed mailbox quota",
	"exceed the quota", "exceed quota", "quota_exceeded", "disk quota", "storage quota", "storage allocation", "storage limit",
	"storage space exceeded", "out of storage", "out of disk quota", "not enough storage", "insufficient disk space for user",
	"user has exhausted", "has too many messages on the server", "account is full", "account full", "account has exceeded", "account is over",
	"no room in", "recipient storage full", "recipient's storage", "user is over", "user over quota", "mail quota", "mapi_e_quota",
	"mail folder full", "message store full", "too much mail in",
	"postilaatikko on täynnä", "postilaatikko täynnä", "sähköpostilaatikko on täynnä", "tila on loppunut", "kiintiö ylitt", "levytila ylitt",
	"brevlådan är full", "postlådan är full", "brevlåda är full", "full brevlåda", "inkorgen är full", "kvoten",
	"postkassen er full", "postkasse er fuld", "postkassen er fyldt", "innboksen er full",
	"postfach ist voll", "postfach voll", "postfachs ist voll", "mailbox voll", "postfach des empfängers ist", "speicherplatz", "kontingent überschritten", "quota überschritten",
	"boîte aux lettres est pleine", "boîte aux lettres pleine", "boîte de réception est pleine", "boîte de réception pleine", "boite pleine",
	"boîte pleine", "quota dépassé", "quota de stockage", "dépassé son quota", "dépasse le quota",
	"buzón lleno", "buzón está lleno", "buzón de correo está lleno", "cuota excedida", "cuota superada", "excedido la cuota", "bandeja de entrada está llena",
	"casella piena", "casella di posta piena", "casella postale piena", "casella è piena", "quota superata",
	"caixa cheia", "caixa de correio cheia", "caixa de correio está cheia", "caixa postal cheia", "cota excedida",
	"postvak is vol", "postvak vol", "mailbox is vol", "skrzynka pełna", "skrzynka jest pełna", "przepełniona", "schránka je plná", "schránka plná",
	"ящик переполнен", "ящика переполнен", "ящик получателя переполнен", "ящик полон", "превышена квота", "превышен лимит", "квота",
	"postkast on täis", "pastkaste ir pilna", "dėžutė pilna", "受信箱が一杯", "容量を超え", "邮箱已满", "超出配额",
}

// deadWords are said of an address at which nobody is, or of a domain that takes no mail.
var deadWords = []string{
	"user unknown", "unknown user", "no such user", "user not found", "user doesn't exist", "user does not exist", "user is unknown",
	"user not known", "user not exist", "user invalid", "invalid user", "unknown local user", "unknown local part", "unknown local-part",
	"no such person", "no such local user", "no local mailbox", "no user here", "no mailbox here", "no such mailbox", "no such recipient",
	"no such address", "no such account", "no such email", "no such alias", "no such virtual user", "no such domain", "no mailbox", "not a valid mailbox", "not a valid recipient", "not a valid user",
	"not a known user", "not our customer", "is not known", "not known at this", "not listed in domino directory", "not listed in public name", "not listed in the domino",
	"not listed in directory", "mailbox not found", "mailbox unknown", "unknown mailbox", "mailbox does not exist", "mailbox doesn't exist",
	"mailbox is disabled", "mailbox disabled", "mailbox is inactive", "mailbox inactive", "mailbox unavailable", "mailbox not available", "mailbox is unavailable", "mailbox invalid", "invalid mailbox", "mailbox is blocked",
	"inactive mailbox", "disabled mailbox", "bad destination mailbox", "bad mailbox",
	"unknown recipient", "recipient unknown", "recipient not found", "recipient does not exist", "recipient doesn't exist", "recipnotfound",
	"recipientnotfound", "recipient notfound", "invalid recipient", "recipient invalid", "recipient is invalid", "recipient not exist", "recipient no longer", "recipient not recognized",
	"bad recipient", "unrecognized recipient", "recipient address is unknown", "recipient address unknown", "recipient address rejected: undeliverable",
	"recipient address rejected: user", "recipient address rejected: unknown", "recipient address rejected: no such", "recipient verify failed", "unverified recipient",
	"recipient unavailable", "resolver.adr.recip", "resolver.adr.exrecip", "unknown address", "address unknown", "address not found",
	"address couldn't be found", "address could not be found", "address does not exist", "address doesn't exist", "address no longer",
	"address invalid", "address is invalid", "invalid address", "address not exist", "address wasn't found", "address was not found", "addressee unknown", "undeliverable address", "undeliverable mail address",
	"bad address", "bad destination", "email address you entered couldn't", "wasn't found at", "couldn't find", "can't find a mailbox", "unable to find",
	"account that you tried to reach does not exist", "account that you tried to reach is disabled", "account that you tried to reach is inactive", "account does not exist",
	"account doesn't exist", "account not found", "account is disabled", "account disabled", "account has been disabled", "account inactive",
	"account is inactive", "account has been suspended", "account suspended", "account is suspended", "account deactivated", "account has been deactivated", "account closed",
	"account is closed", "account has been closed", "account deleted", "account expired", "account is blocked", "account unavailable", "account not available", "mailbox has been blocked", "due to inactivity", "account that does not exist",
	"account is not active", "account not active", "doesn't have a yahoo", "doesn't have an account", "does not have an account", "does not have a mailbox", "dd this user", "this user doesn't",
	"user disabled", "user suspended", "user is suspended", "user inactive", "user terminated", "user has moved", "no longer on server",
	"no longer valid", "no longer accept", "no longer exists", "no longer in use", "no longer active", "no longer available at", "no longer employed", "does not exist", "doesn't exist", "not exist at", "nosuchuser",
	"unrouteable address", "unroutable address", "unrouteable", "unroutable", "unable to route", "no route to address", "host not found", "domain not found", "unknown host", "host unknown",
	"unknown domain", "domain does not exist", "domain doesn't exist", "no host found", "couldn't find any host", "name or service not known", "nxdomain", "nullmx", "null mx",
	"does not accept mail", "doesn't accept mail", "accepts no mail", "no mail hosts for domain", "bad destination host", "illegal host", "illegal alias", "non-existent host",
	"dns: domain", "name or type not found", "couldn't find a mail exchanger",
	"käyttäjää ei ole", "tuntematon käyttäjä", "tuntematon vastaanottaja", "vastaanottajaa ei löyt", "osoitetta ei löyt", "osoitetta ei ole", "osoite ei ole käytössä", "sähköpostiosoitetta ei",
	"okänd användare", "okänd mottagare", "användaren finns inte", "mottagaren hittades inte", "mottagaren finns inte", "adressen hittades inte", "adressen finns inte", "adressen kunde inte hittas", "e-postadressen finns inte", "e-postadressen kunde inte",
	"ukjent bruker", "ukendt bruger", "ukjent mottaker", "ukendt modtager", "findes ikke", "finnes ikke",
	"unbekannter empfänger", "empfänger unbekannt", "benutzer unbekannt", "unbekannter benutzer", "nutzer unbekannt", "adresse wurde nicht gefunden", "empfängeradresse existiert nicht", "existiert nicht", "adresse nicht gefunden", "empfänger nicht gefunden", "e-mail-adresse wurde beim zieldomain nicht gefunden", "konto wurde deaktiviert", "postfach existiert nicht",
	"utilisateur inconnu", "destinataire inconnu", "adresse inconnue", "adresse introuvable", "destinataire introuvable", "n'existe pas", "boîte inconnue", "n'a pas été trouvée", "adresse de messagerie que vous avez entrée est introuvable", "adresse invalide", "compte désactivé",
	"usuario desconocido", "destinatario desconocido", "no existe", "no se encontró la dirección", "dirección no encontrada", "usuario no encontrado", "no se ha encontrado la dirección", "no se pudo encontrar la dirección", "cuenta desactivada",
	"utente sconosciuto", "destinatario sconosciuto", "indirizzo inesistente", "casella inesistente", "non esiste", "indirizzo non trovato", "usuário desconhecido", "utilizador desconhecido", "não existe", "não foi encontrado", "endereço não encontrado",
	"gebruiker onbekend", "onbekende gebruiker", "bestaat niet", "niet gevonden", "nieznany użytkownik", "użytkownik nieznany", "nie istnieje", "nieznany odbiorca", "neexistuje", "neznámý uživatel", "nem létezik", "tundmatu kasutaja", "nezināms lietotājs", "nežinomas vartotojas",
	"пользователь не найден", "пользователя не существует", "нет такого пользователя", "неизвестный пользователь", "получатель не найден", "адрес не найден", "адрес не существует", "не существует", "ящик не найден", "недействительный адрес", "адресат не найден",
	"宛先不明", "存在しません", "见つかりません", "不存在", "用户不存在",
}

// passingWords are said of what may be otherwise tomorrow.
var passingWords = []string{
	"temporar", "try again", "try later", "retry time not reached", "retry timeout", "retry later", "will retry", "timed out", "timeout", "time out",
	"greylist", "graylist", "grey list", "connection refused", "connection reset", "connection dropped", "connection was dropped", "connection lost", "lost connection",
	"could not connect", "couldn't connect", "cannot connect", "unable to connect", "connect to", "no route to host", "network is unreachable", "network unreachable",
	"host is unreachable", "host unreachable", "not reachable", "did not respond", "not responding", "no response", "no answer from host", "server did not reply",
	"service unavailable", "service not available", "service is unavailable", "server busy", "server too busy", "system is busy", "too busy", "too many connections", "too many concurrent", "too many sessions",
	"rate limit", "rate that", "at a rate", "too quickly", "too fast", "throttl", "deferred", "deferring", "delivery time expired", "message expired", "queue.expired", "queue too long", "been in the queue too long", "maximum time in queue", "maximum retry",
	"have been failing for a long time", "maximum queue lifetime", "resources", "insufficient system", "out of memory", "no space left", "system error", "local configuration error", "internal error", "internal server error", "unexpected error", "i/o error", "local problem", "error writing",
	"mail loop", "loops back", "too many hops", "hop count", "maximum hop", "routing loop", "loop detected", "server error", "currently not available", "currently unavailable", "not accepting network messages", "down for maintenance", "closing connection", "broken pipe",
	"väliaikai", "tilapäi", "yritetään uudelleen", "tillfällig", "försök igen", "midlertidig", "vorübergehend", "zeitüberschreitung", "später erneut", "nicht erreichbar", "temporaire", "réessayer", "délai dépassé", "ne répond pas", "temporal", "tiempo de espera", "inténtelo", "tijdelijk", "tymczasow", "dočasn", "времен", "повторите попытку", "превышено время", "недоступен",
}

// refusalWords refuse without saying why.
var refusalWords = []string{
	"access denied", "not allowed", "not permitted", "not authorized", "unauthorized", "permission denied", "denied by", "forbidden", "rejected", "refused", "blocked", "prohibited", "denied", "transaction failed", "not accepted",
	"avvisad", "nekad", "hylätty", "estetty", "abgelehnt", "verweigert", "refusé", "rejeté", "rechazado", "rifiutato", "rejeitad", "geweigerd", "odrzucon", "отклонено", "отказано", "заблокирован",
}
