package secret

import (
	"path"
	"strings"
)

// A part says how much of the word behind a flag is a secret.
type part int

const (
	nothing    part = iota
	whole           // all of it
	afterColon      // what follows the first colon: user:password
)

// flagOf are the flags of well-known programs whose next word is or has a password, and whose names do not say so.
var flagOf = map[string]map[string]part{
	"curl": {
		"-u": afterColon, "--user": afterColon, "-U": afterColon, "--proxy-user": afterColon, "--oauth2-bearer": whole,
	},
	"http":          {"-a": afterColon, "--auth": afterColon},
	"sshpass":       {"-p": whole},
	"redis-cli":     {"-a": whole},
	"mosquitto_pub": {"-P": whole},
	"mosquitto_sub": {"-P": whole},
	"unzip":         {"-P": whole},
	"zip":           {"-P": whole},
	"ldapsearch":    {"-w": whole},
	"rabbitmqadmin": {"-p": whole},
	"sqlcmd":        {"-P": whole},
	"ab":            {"-A": afterColon},
}

// attached are the flags of well-known programs at which a password stands at once, and their other prefixes of one.
var attached = map[string][]string{
	"mysql": {"-p"}, "mysqldump": {"-p"}, "mysqlslap": {"-p"}, "mysqladmin": {"-p"}, "mariadb": {"-p"},
	"7z": {"-p"}, "7za": {"-p"}, "sshpass": {"-p"},
	"openssl": {"pass:"},
}

// programOf returns the program that a word names, if it is one of those above.
func programOf(word string) (string, bool) {
	p := path.Base(strings.TrimSpace(word))
	_, flags := flagOf[p]
	_, at := attached[p]
	return p, flags || at
}
