package secret

import (
	"path"
	"slices"
	"strings"

	"github.com/corecurve/corecurve/trace/pattern"
)

// A part says how much of the word behind a flag is a secret: all of it, or what follows a separator.
type part string

const (
	nothing    part = ""
	whole      part = "whole"
	afterColon part = ":"
	pairs      part = "=" // all of it, if it has that
)

// flagOf are the flags of well-known programs whose next word is or has a password, and whose names do not say so.
var flagOf = map[string]map[string]part{
	"curl": {
		"-u": afterColon, "--user": afterColon, "-U": afterColon, "--proxy-user": afterColon, "--oauth2-bearer": whole,
		"-b": pairs, "--cookie": pairs,
	},
	"http": {"-a": afterColon, "--auth": afterColon}, "https": {"-a": afterColon, "--auth": afterColon},
	"xh": {"-a": afterColon}, "hey": {"-a": afterColon}, "oha": {"-a": afterColon}, "curlie": {"-u": afterColon},
	"ab":      {"-A": afterColon, "-P": afterColon, "-C": pairs},
	"wrk":     {},
	"etcdctl": {"--user": afterColon}, "influx": {"-t": whole}, "nats": {"--user": afterColon},
	"sshpass":   {"-p": whole},
	"redis-cli": {"-a": whole, "AUTH": whole, "auth": whole, "requirepass": whole}, "redis-benchmark": {"-a": whole},
	"memtier_benchmark": {"-a": whole, "--authenticate": whole},
	"mosquitto_pub":     {"-P": whole}, "mosquitto_sub": {"-P": whole}, "mosquitto_rr": {"-P": whole},
	"unzip": {"-P": whole}, "zip": {"-P": whole},
	"ldapsearch": {"-w": whole}, "ldapadd": {"-w": whole}, "ldapmodify": {"-w": whole}, "ldapdelete": {"-w": whole},
	"ldapwhoami": {"-w": whole}, "ldappasswd": {"-w": whole, "-s": whole},
	"rabbitmqadmin": {"-p": whole}, "sqlcmd": {"-P": whole}, "bcp": {"-P": whole}, "osql": {"-P": whole},
	"mongo": {"-p": whole}, "mongosh": {"-p": whole}, "mongodump": {"-p": whole}, "mongorestore": {"-p": whole},
	"mongoimport": {"-p": whole}, "mongoexport": {"-p": whole}, "mongostat": {"-p": whole}, "cqlsh": {"-p": whole},
	"twine": {"-p": whole}, "mycli": {"-p": whole}, "ipmitool": {"-P": whole}, "ssh-keygen": {"-N": whole, "-P": whole},
	"snmpget": {"-A": whole, "-X": whole}, "snmpwalk": {"-A": whole, "-X": whole},
	"plink": {"-pw": whole}, "pscp": {"-pw": whole}, "psftp": {"-pw": whole},
	"smbclient": {"-U": "%"}, "rpcclient": {"-U": "%"}, "lftp": {"-u": ","},
	"skopeo": {"--creds": afterColon, "--src-creds": afterColon, "--dest-creds": afterColon},
	"podman": {"--creds": afterColon}, "buildah": {"--creds": afterColon},
	"mysqladmin": {"password": whole},
	"docker":     {}, "nerdctl": {}, "helm": {}, "oras": {}, "az": {}, "oc": {}, "cf": {}, "crane": {},
	"openssl": {"-k": whole, "-K": whole}, "rdesktop": {"-p": whole},
}

// logIn are programs whose command login takes a password behind -p.
var logIn = []string{"docker", "podman", "buildah", "nerdctl", "skopeo", "helm", "oras", "az", "oc", "cf", "crane"}

// ofLogIn are the flags of that command.
var ofLogIn = map[string]part{"-p": whole}

// attached are the flags of well-known programs at which a password stands at once, and their other prefixes of one.
var attached = map[string][]string{
	"mysql": {"-p"}, "mysqldump": {"-p"}, "mysqlslap": {"-p"}, "mysqladmin": {"-p"}, "mysqlimport": {"-p"},
	"mysqlcheck": {"-p"}, "mariadb": {"-p"}, "mariadb-dump": {"-p"}, "mycli": {"-p"},
	"7z": {"-p"}, "7za": {"-p"}, "7zz": {"-p"}, "rar": {"-p", "-hp"}, "unrar": {"-p"}, "sshpass": {"-p"},
	"openssl": {"pass:"}, "xfreerdp": {"/p:"}, "curl": {"-u", "--user="},
}

// slashed are programs that take user/password@service.
var slashed = []string{"sqlplus", "sqlldr", "exp", "imp", "expdp", "impdp", "rman"}

var slashedRE = pattern.Of(`^(?:userid=)?\w+/([^\s/@]+)(?:@\S*)?$`)

var curlUserRE = pattern.Of(`^-[a-zA-Z]+u$`)

// portsRE matches ports, which containers have behind -p too.
var portsRE = pattern.Of(`^[\d.:]*\d+:\d+(?:/\w+)?$`)

// settingWords are words behind which a name and its value stand.
var settingWords = []string{"set", "setenv", "--set", "SET", "config"}

func sets(w string) bool { return slices.Contains(settingWords, w) }

// flags returns the flags of program.
func flags(program string) map[string]part {
	if p, ok := strings.CutSuffix(program, " login"); ok && slices.Contains(logIn, p) {
		return ofLogIn
	}
	return flagOf[program]
}

// programAfter returns the program whose flags follow w, where those of program preceded it.
func programAfter(program string, before []string, w string) string {
	p := path.Base(strings.TrimSpace(w))
	_, flagged := flagOf[p]
	_, at := attached[p]
	switch {
	case flagged || at || slices.Contains(slashed, p):
		return p
	case w == "login" && slices.Contains(logIn, program):
		return program + " login"
	case program == "sshpass" && !strings.HasPrefix(w, "-") && flagOf[program][last(before)] == nothing: // its command
		return ""
	}
	return program
}

func last(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
