/* SPDX-License-Identifier: MIT */
/* Every shape in which people and programs write down a secret, in every place
 * and every way of writing: the secret is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/mask/masked.h"
#include "tests/mask/written.h"

#define TEXT_MAX ((size_t)1 << 16)
#define CORE	 12
#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

/* What a shape needs; 0: nothing. */
enum {
	LINE = 1 << 0,	/* to begin a line that it has to itself */
	MIXED = 1 << 1, /* more than small letters: a sentence has these */
	PLAIN = 1 << 2, /* no base64: it is undone when it begins with ASCII */
};

/* %s is the secret. */
static const struct shape {
	const char *text;
	unsigned needs;
} shapes[] = {
	/* command lines */
	{ "sshpass -p %s ssh bob@10.0.0.4", 0 },
	{ "sshpass -p '%s x' ssh -p 22 10.0.0.4", 0 },
	{ "sshpass -p%s ssh 10.0.0.4", 0 },
	{ "mysql -u root -p%s db", 0 },
	{ "mysqldump --password %s db", 0 },
	{ "mysqladmin --password=%s ping", 0 },
	{ "/usr/bin/mysql -h db -p%s", 0 },
	{ "az login -u bob@corp.example -p %s", 0 },
	{ "az login --service-principal --username a -p '%s' --tenant b", 0 },
	{ "az acr login -n reg -u a -p %s", 0 },
	{ "az storage blob list --account-key %s", 0 },
	{ "docker login -u bob -p %s reg.example", 0 },
	{ "curl -u user:%s https://x", 0 },
	{ "curl -uuser:%s https://x", 0 },
	{ "curl --user 'bob:%s' https://x", 0 },
	{ "curl -U u:%s -x p:3128 https://x", 0 },
	{ "curl -b 'a=%s; b=2' https://x", 0 },
	{ "curl --cookie a=%s https://x", 0 },
	{ "curl -H 'Authorization: Digest username=\"a\", response=\"%s\"' x",
	  0 },
	{ "wget --http-password=%s --http-user=u https://x", 0 },
	{ "wget --password %s https://x", 0 },
	{ "wget --header='X-Api-Key: %s' https://x", 0 },
	{ "net use Z: \\\\srv\\share %s /user:CORP\\bob", 0 },
	{ "net use \\\\srv\\share /user:bob %s", 0 },
	{ "net user bob %s /add", 0 },
	{ "psexec \\\\srv -u bob -p %s cmd", 0 },
	{ "PsExec64.exe \\\\srv -u bob -p %s cmd", 0 },
	{ "cmdkey /add:srv /user:bob /pass:%s", 0 },
	{ "runas /user:bob /password:%s cmd", 0 },
	{ "sqlcmd -S srv -U sa -P %s -Q x", 0 },
	{ "plink -ssh srv -l bob -pw %s", 0 },
	{ "ldapsearch -x -D cn=a -w %s -b dc=x", 0 },
	{ "redis-cli -h r -a %s ping", 0 },
	{ "smbclient //srv/share -U bob%%%s", 0 },
	{ "mount -t cifs //s/x /mnt -o username=bob,password=%s,vers=3", 0 },
	{ "PGPASSWORD=%s psql -h db", 0 },
	{ "snmpget -v2c -c %s 10.0.0.1 sysName.0", 0 },
	{ "snmpwalk -v3 -u bob -A %s -X other 10.0.0.1", 0 },
	{ "openssl rsa -passin pass:%s -in k.pem", 0 },
	{ "ipmitool -H h -U root -P %s lan print", 0 },
	{ "xfreerdp /v:srv /u:bob /p:%s", 0 },
	{ "echo %s | sudo -S id", 0 },
	{ "wpa_passphrase Net %s", 0 },
	{ "nmcli dev wifi connect Net password %s", 0 },
	{ "htpasswd -nb bob %s", 0 },
	{ "echo %s | sudo -k -S id", 0 },
	{ "echo %s | passwd --stdin bob", 0 },
	{ "echo %s | cryptsetup luksOpen /dev/sdb x", 0 },
	{ "echo %s | kinit bob", 0 },
	{ "echo %s | sudo openconnect vpn.example", 0 },
	{ "echo %s | gh auth login --with-token", 0 },
	{ "echo %s | podman login --password-stdin", 0 },
	{ "com2sec6 ro default %s", 0 },
	{ "htpasswd -b /etc/htpasswd bob %s", 0 },
	{ "7z x a.zip -p%s", 0 },
	{ "curl --proxy-user bob:%s https://x", 0 },
	{ "curl -Ubob:%s https://x", 0 },
	{ "curl --proxy bob:%s@proxy:3128 https://x", 0 },
	{ "snmpget -v3 -u bob -X %s 10.0.0.1", 0 },
	{ "curl -x bob:%s@proxy:3128 https://x", 0 },
	{ "nsupdate -y hmac-sha256:k:%s== x", 0 },
	{ "dig -y k:%s== a.example", 0 },
	{ "az keyvault secret set --vault-name v -n a --value %s", 0 },
	{ "az sql server create -n s -u a -p %s", 0 },
	{ "rasdial \"My VPN\" bob %s", 0 },
	{ "echo '%s' | openconnect vpn.example -u bob", 0 },
	{ "docker login reg.example -u bob -p %s", 0 },
	{ "echo %s| docker login --password-stdin", 0 },
	{ "CREATE USER bob IDENTIFIED BY '%s';", 0 },
	{ "iwconfig wlan0 key s:%s", 0 },
	/* routers and switches */
	{ "snmp-server community %s RO", 0 },
	{ "rocommunity %s 10.0.0.0/8", 0 },
	{ "rocommunity6 %s", 0 },
	{ "rwcommunity %s", 0 },
	{ "rwcommunity6 %s", 0 },
	{ "trapcommunity %s", 0 },
	{ "createUser bob SHA %s AES %s", 0 },
	{ "createUser bob MD5 %s DES %s", 0 },
	{ "snmp community %s", MIXED },
	{ "ip ospf authentication-key %s", MIXED },
	{ "set user encrypted-password %s", 0 },
	{ "tacacs-server host 10.0.0.1 key %s", 0 },
	{ "set passwd ENC %s", MIXED },
	{ "set password ENC %s", MIXED },
	{ " password 7 0%s", 0 },
	{ " secret 5 0%s", MIXED },
	{ " ikev1 pre-shared-key %s", 0 },
	{ ": NTLM \"%s\"", 0 },
	{ "com2sec ro default %s", 0 },
	{ "set snmp community %s authorization read-only", 0 },
	{ "key 7 0%sAB", 0 },
	{ "radius-server host 10.0.0.1 key %s", 0 },
	{ "tacacs-server key 7 %s", 0 },
	{ "crypto isakmp key %s address 10.0.0.1", 0 },
	{ "enable secret 5 %s", 0 },
	{ "enable secret %s", MIXED },
	{ "enable password 7 %s", 0 },
	{ "username bob privilege 15 secret 9 %s", 0 },
	{ "username bob password 0 %s", 0 },
	{ "neighbor 10.0.0.1 password 7 %s", 0 },
	{ " ikev2 local-authentication pre-shared-key %s", 0 },
	{ "pre-shared-key %s", MIXED },
	{ "pre-shared-key ascii-text \"%s\"", 0 },
	{ "pre-shared-key hexadecimal 0%s", 0 },
	{ "set psksecret ENC %s", 0 },
	{ "ip ospf message-digest-key 1 md5 %s", 0 },
	{ "key-string 7 %s", 0 },
	{ "standby 1 authentication md5 key-string %s", 0 },
	/* networks */
	{ "psk %s", LINE | MIXED },
	{ "psk=\"%s\"", 0 },
	{ "wpa_passphrase=%s", 0 },
	{ "sae_password=%s", 0 },
	{ ": PSK \"%s\"", 0 },
	{ ": PSK 0s%s", 0 },
	{ "bob : EAP \"%s\"", 0 },
	{ "bob : XAUTH \"%s\"", 0 },
	{ "IPSec secret %s", 0 },
	{ "Xauth password %s", 0 },
	{ "    Key Content            : %s", 0 },
	{ "    Schl\xc3\xbcsselinhalt            : %s", PLAIN },
	{ "10.0.0.1 10.0.0.2 : PSK \"%s\"", 0 },
	{ "PrivateKey = %skVtQxyAnz5TF+lXXJte14tji3zlM=", 0 },
	{ "PresharedKey = %skVtQxyAnz5TF+lXXJte14tji3z=", 0 },
	{ "<auth-user-pass>\nbob\n%s\n</auth-user-pass>", 0 },
	{ "<tls-auth>\n%s\n%s\n</tls-auth>", 0 },
	{ "<tls-crypt>\nabc\n%s\n</tls-crypt>", 0 },
	{ "<key>\n%s\n</key>", 0 },
	{ "<http-proxy-user-pass>\nbob\n%s\n</http-proxy-user-pass>", 0 },
	{ "<pkcs12>\n%s\n</pkcs12>", 0 },
	{ "<tls-crypt-v2>\n%s\n</tls-crypt-v2>", 0 },
	{ "-----BEGIN OpenVPN tls-crypt-v2 client key-----\n%s\n"
	  "-----END OpenVPN tls-crypt-v2 client key-----",
	  0 },
	{ "-----BEGIN OpenVPN tls-crypt-v2 server key-----\n%s\n"
	  "-----END OpenVPN tls-crypt-v2 server key-----",
	  0 },
	{ "<secret>\n%s\n</secret>", 0 },
	{ "-----BEGIN OpenVPN Static key V1-----\nab\n%s\n"
	  "-----END OpenVPN Static key V1-----",
	  0 },
	{ "<keyMaterial>%s</keyMaterial>", 0 },
	/* PowerShell, .NET, XML */
	{ "ConvertTo-SecureString \"%s\" -AsPlainText -Force", 0 },
	{ "ConvertTo-SecureString -AsPlainText %s -Force", 0 },
	{ "ConvertTo-SecureString -AsPlainText -Force %s", 0 },
	{ "ConvertTo-SecureString -String '%s' -AsPlainText", 0 },
	{ "$c = '%s' | ConvertTo-SecureString -AsPlainText -Force", 0 },
	{ "New-Thing -Password %s -Name x", 0 },
	{ "New-Thing -Password \"%s y\" -Name x", 0 },
	{ "<add key=\"DbPassword\" value=\"%s\"/>", 0 },
	{ "<add key='DbPassword' value='%s' />", 0 },
	{ "<add name=\"x\" connectionString=\"Server=a;Password=%s\"/>", 0 },
	{ "<property name=\"password\" value=\"%s\"/>", 0 },
	{ "<entry key=\"db.password\">%s</entry>", 0 },
	{ "<string name=\"api_key\">%s</string>", 0 },
	{ "<key>Password</key>\n\t<string>%s</string>", 0 },
	{ "<name>fs.password</name>\n <value>%s</value>", 0 },
	{ "<password>%s</password>", 0 },
	{ "<password type=\"plain\">%s</password>", 0 },
	{ "<password><![CDATA[%s]]></password>", 0 },
	{ "<a:password>%s</a:password>", 0 },
	{ "<Password><Value>%s</Value></Password>", 0 },
	{ "<password>\n  %s\n</password>", 0 },
	/* documents */
	{ "{\"name\":\"DB_PASSWORD\",\"value\":\"%s\"}", 0 },
	{ "{\"name\":\"Cookie\",\"value\":\"a=%s\"}", 0 },
	{ "{\"name\":\"DB_PASSWORD\",\"secret\":\"%s\"}", 0 },
	{ "app.setProperty('db.password', '%s')", 0 },
	{ "<key>password</key><value>%s</value>", 0 },
	{ "<password><string>%s</string></password>", 0 },
	{ "- name: 'DB_PASSWORD'\n  value: '%s'", 0 },
	{ "{\"key\": \"api_token\", \"value\": \"%s\"}", 0 },
	{ "password = \"\"\"%s\"\"\"", 0 },
	{ "password = \"\"\"\n%s\n\"\"\"", 0 },
	{ "client-key-data: %s==", 0 },
	{ "<a:Password Type=\"http://x/y#z\">%s</a:Password>", 0 },
	{ "<Data Name=\"Password\">%s</Data>", 0 },
	{ "- name: DB_PASSWORD\n  value: %s", 0 },
	{ "password: |\n  %s\nnext: 1", LINE },
	{ "password: >-\n  %s\nnext: 1", LINE },
	{ "password: | # its own\n  %s\nnext: 1", LINE },
	{ "password:\n  %s", LINE },
	{ "password =\n%s\n", LINE | MIXED },
	{ "password = \\\n  %s", LINE },
	{ "# password: %s", 0 },
	{ "# password:\n#   %s", LINE },
	{ "; password = %s", 0 },
	{ "// password: %s", 0 },
	{ "db: {password: %s, host: x}", 0 },
	{ "define('DB_PASSWORD', '%s');", 0 },
	{ "\"key\": \"-----BEGIN OPENSSH PRIVATE KEY-----\\nb3\\n%s\\n"
	  "-----END OPENSSH PRIVATE KEY-----\\n\"",
	  0 },
	{ "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n%s\n"
	  "-----END PGP PRIVATE KEY BLOCK-----",
	  0 },
	{ "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n"
	  "Private-Lines: 2\nAAAA\n%s\nPrivate-MAC: ab",
	  LINE },
	{ "Private-MAC: %s", 0 },
	/* programs' own files */
	{ "machine h login u password %s", 0 },
	{ "machine h\nlogin u\npassword %s", LINE },
	{ "machine h\n  login u\n  password %s\n", LINE },
	{ "machine h login u account a password %s", 0 },
	{ "db.example:5432:db:bob:%s", LINE },
	{ "*:*:*:bob:%s", LINE },
	{ "bob:$apr1$abcdefgh$%skVtQxyAnz5TF", 0 },
	{ "bob:$6$rounds=5000$salt$%skVtQxyAnz5TF/lXXJte:19000:0:9:7:::", 0 },
	{ "root:$y$j9T$ab/cd$%skVtQxyAnz5TFlXXJte:19000::::::", 0 },
	{ "bob:$2y$10$%skVtQxyAnz5TFlXXJte14tji3zlMNq", 0 },
	{ "bob:{SSHA}%skVtQxyAnz5TFlXXJte=", 0 },
	/* headers */
	{ "Authorization: Digest username=\"a\", response=\"%s\"", 0 },
	{ "Authorization: NTLM TlRM%s", 0 },
	{ "Authorization: Negotiate YII%s", 0 },
	{ "Proxy-Authorization: Basic %s", 0 },
	{ "> Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=%s", 0 },
	{ "X-Api-Key: %s", 0 },
	{ "X-Auth-Token: %s", 0 },
	{ "X-Functions-Key: %s", 0 },
	{ "Ocp-Apim-Subscription-Key: %s", 0 },
	{ "< Set-Cookie: ARRAffinity=%s; Path=/", 0 },
	{ "Cookie: a=1; b=%s", 0 },
	{ "document.cookie = \"a=%s\"", 0 },
	{ "document.cookie='a=%s; b=1'", 0 },
	{ "https://x/a?sid=%s01234567", 0 },
	{ "sid=%s0123", 0 },
	{ "session=%s0123", 0 },
	{ "SAMLResponse=%s", 0 },
	{ "ESTSAUTHPERSISTENT=%s; path=/", 0 },
	{ "AppServiceAuthSession=%s", 0 },
	{ "PHPSESSID=%s", 0 },
	{ "connect.sid=s%%3A%s", 0 },
	/* URLs */
	{ "https://dns.nextdns.io/%s", 0 },
	{ "https://dns.nextdns.io/ab12cd/%s", 0 },
	{ "https://apple.dns.nextdns.io/%s", 0 },
	{ "https://chromium.dns.nextdns.io/%s", 0 },
	{ "https://firefox.dns.nextdns.io/%s", 0 },
	{ "https://dns.controld.com/%s", 0 },
	{ "https://dns.example:8443/dns-query/%s", MIXED },
	{ "https://doh.example/%s", MIXED },
	{ "https://doh.example/dns-query/%s", MIXED },
	{ "https://d.adguard-dns.com/dns-query/%s", 0 },
	{ "https://bob:%s@h/x", 0 },
	{ "https://bob:p@%s/w#r@h/x", 0 },
	{ "amqps://bob:%s@h:5671/v", 0 },
	{ "https://hooks.slack.com/services/T000/B000/%sabcdefghijkl", 0 },
	{ "https://api.telegram.org/bot123456789:AA%sabcdefghijklmnopqrs/x",
	  MIXED },
	/* Azure */
	{ "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s==", 0 },
	{ "https://a.blob.core.windows.net/c?sig=%s&sv=1&se=2", 0 },
	{ "https://a.blob.core.windows.net/c?sv=1&sig=%s&se=2", 0 },
	{ "SharedAccessSignature sr=a&sig=%s&se=1&skn=b", 0 },
	{ "Endpoint=sb://a/;SharedAccessKeyName=b;SharedAccessKey=%s=", 0 },
	{ "AccountEndpoint=https://a:443/;AccountKey=%s==;", 0 },
	{ "InstrumentationKey=%s;IngestionEndpoint=https://a", 0 },
	{ "a.redis.cache.windows.net:6380,password=%s=,ssl=True", 0 },
	{ "HostName=a;DeviceId=d;SharedAccessKey=%s=", 0 },
	{ "secret is abC8Q~a.cDeFgHiJkLmNoPqRs_%s", 0 },
	{ "AZURE_DEVOPS_EXT_PAT=%s", 0 },
	/* source code */
	{ "AzureKeyCredential(\"%s\")", 0 },
	{ "ClientSecretCredential(\"t\", \"c\", \"%s\")", 0 },
	{ "new System.Net.NetworkCredential(\"bob\", \"%s\")", 0 },
	{ "requests.get(u, auth=HTTPBasicAuth('bob', '%s'))", 0 },
	{ "requests.get(u, auth=('bob', '%s'))", 0 },
	{ "os.environ[\"AZURE_CLIENT_SECRET\"] = \"%s\"", 0 },
	{ "os.environ.setdefault('DB_PASSWORD', '%s')", 0 },
	{ "monkeypatch.setenv('API_KEY', '%s')", 0 },
	{ "spark.conf.set(\"fs.azure.account.key.a.dfs.x\", \"%s\")", 0 },
	{ "builder.config(\"fs.azure.account.oauth2.client.secret\", \"%s\")",
	  0 },
	{ "SetEnvironmentVariable(\"DB_PASSWORD\", \"%s\")", 0 },
	{ "variable \"db_password\" {\n  default = \"%s\"\n}", 0 },
	{ "db_password:\n  value: %s", LINE },
	{ "ENV DB_PASSWORD %s", 0 },
	/* more command lines, and the registry */
	{ "setx AZURE_CLIENT_SECRET %s", 0 },
	{ "    DefaultPassword    REG_SZ    %s", 0 },
	{ "openssl enc -aes-256-cbc -k %s -in f", 0 },
	{ "twine upload -u __token__ -p %s dist/x", 0 },
	{ "gh secret set X --body %s", 0 },
	{ "kubectl create secret generic x --from-literal=db=%s", 0 },
	{ "wandb login %s", 0 },
	{ "https://conda.anaconda.org/t/%s/main", 0 },
	{ "https://discord.com/api/webhooks/12345/%s", 0 },
	{ "https://corp.webhook.office.com/webhookb2/%s/x/y", 0 },
	/* known to come through before: as Azure, Kubernetes and others say it
	 */
	{ "{\n  \"attributes\": {\n    \"enabled\": true\n  },\n"
	  "  \"id\": \"https://v.vault.azure.net/secrets/db/0a\",\n"
	  "  \"name\": \"db\",\n  \"value\": \"%s\"\n}",
	  0 },
	{ "{ \"value\": \"%s\", \"tags\": {},\n"
	  "  \"id\": \"https://v.vault.azure.net/secrets/db\" }",
	  0 },
	{ "id: https://v.vault.azure.net/secrets/db/0a\nname: db\nvalue: %s",
	  LINE },
	{ "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n"
	  "  url: %s\n  other.txt: %s",
	  LINE },
	{ "apiVersion: v1\ndata:\n  ab: %s\nkind: Secret\nmetadata:\n  name: x",
	  LINE },
	{ "kind: Secret\nstringData:\n  conf: |\n    a\n    %s\n  b: %s\nx: y",
	  LINE },
	{ "{ \"apiVersion\": \"v1\", \"data\": { \"ab\": \"x\", \"c\": \"%s\" "
	  "},"
	  " \"kind\": \"Secret\" }",
	  0 },
	{ "{ \"kind\": \"Secret\", \"stringData\": {\n  \"ab\": \"%s\"\n} }",
	  0 },
	{ "reg add HKLM\\SOFTWARE\\X /v DefaultPassword /t REG_SZ /d %s /f",
	  0 },
	{ "reg.exe add \"HKLM\\A B\" /v \"Db Password\" /d \"%s x\" /f", 0 },
	{ "poetry config http-basic.corp bob %s", 0 },
	{ "poetry config pypi-token.pypi %s", 0 },
	{ "docker build --build-arg PAT=%s .", 0 },
	{ "docker build --build-arg=ADO_PAT=%s -t x .", 0 },
	{ "[Net.NetworkCredential]::new('bob','%s')", 0 },
	{ "[pscredential]::new( \"bob\", \"%s\" )", 0 },
	{ "New-Object PSCredential('bob', '%s')", 0 },
	{ "New-Object System.Net.NetworkCredential 'bob', '%s'", 0 },
	{ "New-Object Net.NetworkCredential -ArgumentList \"bob\",\"%s\"", 0 },
	{ "New-Object System.Management.Automation.PSCredential "
	  "-ArgumentList @('bob', '%s')",
	  0 },
	{ "https://f.azurewebsites.net/api/run?code=%s", 0 },
	{ "https://f.azurewebsites.net/api/run?name=x&code=%s==&v=1", 0 },
	{ "https://f.example/api?code=%s", MIXED },
	/* machine learning: MLflow, Databricks, Spark, Jupyter, conda, pip */
	{ "export MLFLOW_TRACKING_PASSWORD=%s", 0 },
	{ "mlflow.set_tracking_uri(\"https://bob:%s@ml.example\")", 0 },
	{ "[DEFAULT]\nhost = https://adb-1.2.azuredatabricks.net\ntoken = %s",
	  LINE },
	{ "databricks secrets put-secret s k --string-value %s", 0 },
	{ "dbutils.widgets.text(\"db_password\", \"%s\")", 0 },
	{ "spark.read.option(\"user\", \"bob\").option(\"password\", \"%s\")",
	  0 },
	{ "spark.hadoop.fs.azure.account.key.a.dfs.core.windows.net %s", LINE },
	{ "spark.hadoop.fs.azure.account.oauth2.client.secret  %s", LINE },
	{ "fs.azure.sas.c.a.blob.core.windows.net=%s", 0 },
	{ "sc.hadoopConfiguration.set(\"fs.azure.account.key.a.x\", \"%s\")",
	  0 },
	{ "sc._jsc.hadoopConfiguration().set('fs.azure.account.key.a', '%s')",
	  0 },
	{ "c.ServerApp.token = '%s'", 0 },
	{ "c.NotebookApp.password = u'sha1:0a:%s'", 0 },
	{ "login(password=b\"%s\")", 0 },
	{ "c.ServerApp.password = 'argon2:$argon2id$v=19$m=10,t=1,p=8$ab$%s'",
	  0 },
	{ "http://localhost:8888/lab?token=%s", 0 },
	{ "jupyter lab --IdentityProvider.token='%s'", 0 },
	{ "channels:\n  - https://repo.example/t/%s/main", LINE },
	{ "anaconda login --username bob --password %s", 0 },
	{ "anaconda -t %s upload x.tar.bz2", 0 },
	{ "  https: http://bob:%s@proxy:8080", 0 },
	{ "pip install --extra-index-url https://__token__:%s@h/simple x", 0 },
	{ "wandb.login(key=\"%s\")", 0 },
	{ "{\"username\":\"bob\",\"key\":\"%s\"}", 0 },
	{ "KAGGLE_KEY=%s", 0 },
	{ "keyring.set_password(\"sys\", \"bob\", \"%s\")", 0 },
	{ "ws.get_default_keyvault().set_secret(\"db\", \"%s\")", 0 },
	{ "ServicePrincipalAuthentication(\"t\", \"c\", \"%s\")", 0 },
	{ "BasicAuthentication('', '%s')", 0 },
	{ "client.SetSecret(\"db\", \"%s\")", 0 },
	{ "auth: basic %s", LINE },
	{ "password: *%s", 0 },
	{ "password: $%s", 0 },
	{ "password: ${X}%s", LINE },
	{ "a password=${X}%s", 0 },
	{ "password: f()%s", LINE },
	{ "BasicAuthentication x BasicAuthentication('', '%s')", 0 },
	{ "vault kv put secret/x a=b db=%s", 0 },
	{ "data { \"kind\": \"Secret\", \"data\": { \"a\": \"%s\" } }", 0 },
	{ "items:\n- kind: Secret\n  data:\n    a: %s", LINE },
	{ "kind: Secret\ndata:\n  a: [masked:key]password=%s", LINE },
	{ "\"tokens\": [\"[masked:key]password=%s\"]", 0 },
	{ "password: {{ x }}%s", LINE },
	{ "os.environ.get(\"DB_PASSWORD\", \"%s\")", 0 },
	{ "dvc remote modify --local r password %s", 0 },
	/* Azure's own tools and services */
	{ "IDENTITY_HEADER=%s", 0 },
	{ "curl -H \"X-IDENTITY-HEADER: %s\" http://localhost", 0 },
	{ "az rest --headers \"Authorization=Bearer %s\" --url x", 0 },
	{ "az rest --headers \"Authorization=Basic %s\" --url x", 0 },
	{ "{\n  \"keyName\": \"key1\",\n  \"permissions\": \"FULL\",\n"
	  "  \"value\": \"%s\"\n}",
	  0 },
	{ "{\"name\": \"DB_PASSWORD\", \"slotSetting\": false, "
	  "\"value\": \"%s\"}",
	  0 },
	{ "\"functionKeys\": {\n  \"default\": \"%s\"\n}", 0 },
	{ "az functionapp keys set --key-type masterKey --key-value %s", 0 },
	{ "az network vpn-connection shared-key update -n c --value %s", 0 },
	{ "az postgres flexible-server create -n s -u a -p %s", 0 },
	{ "az sql db export -n d -u a -p %s", 0 },
	{ "az ml connection create --set credentials.key=%s", 0 },
	{ "echo %s | az devops login --org https://dev.azure.com/x", 0 },
	{ "AZURE_OPENAI_KEY=%s", 0 },
	{ "SEARCH_ADMIN_KEY: %s", 0 },
	{ "sh onboard_agent.sh -w 0a -s %s -d x", 0 },
	{ "##vso[task.setvariable variable=x;issecret=true]%s", 0 },
	{ "echo \"::add-mask::%s\"", 0 },
	{ "dotnet user-secrets set \"Db:Password\" \"%s\"", 0 },
	{ "dotnet nuget add source x -u bob -p %s", 0 },
	/* Terraform, Ansible, R, Git, Kubernetes */
	{ "  ~ client_secret = \"x\" -> \"%s\"", 0 },
	{ "  + admin_password = \"%s\"", 0 },
	{ "terraform apply -var 'db_password=%s'", 0 },
	{ "ansible_become_pass: %s", 0 },
	{ "ansible all -a \"name=bob password=%s\"", 0 },
	{ "GITHUB_PAT=%s", 0 },
	{ "STORAGE_SAS=%s", 0 },
	{ "ID_JWT=%s", 0 },
	{ "Sys.setenv(\"GITHUB_PAT\" = \"%s\")", 0 },
	{ "https://bob:%s@github.example", 0 },
	{ "protocol=https\nhost=h\nusername=bob\npassword=%s", LINE },
	{ "git -c http.extraheader=\"AUTHORIZATION: basic %s\" fetch", 0 },
	{ "args: [\"--db-password\", \"%s\"]", 0 },
	{ "  - --db-password\n  - %s", LINE },
	{ "vault kv put secret/x db=%s", 0 },
	{ "pip config set global.password %s", 0 },
	/* Windows and PowerShell */
	{ "cmdkey /generic:TERMSRV/h /user:bob /pass:%s", 0 },
	{ "schtasks /create /tn x /ru bob /rp %s", 0 },
	{ "winrs -r:h -u:bob -p:%s cmd", 0 },
	{ "certutil -f -p %s -importpfx x.pfx", 0 },
	{ "ParameterBinding(X): name=\"Password\"; value=\"%s\"", 0 },
	{ "ParameterBinding(ConvertTo-SecureString): name=\"String\"; "
	  "value=\"%s\"",
	  0 },
	{ "$h = @{ 'api-key' = '%s' }", 0 },
	{ "[Text.Encoding]::ASCII.GetBytes(\":%s\")", 0 },
	/* Postman, cURL, connection strings */
	{ "{\"value\": \"%s\", \"key\": \"api_key\"}", 0 },
	{ "\"apikey\": [ { \"key\": \"value\", \"value\": \"%s\" } ]", 0 },
	{ "client.DefaultRequestHeaders.Add(\"api-key\", \"%s\")", 0 },
	{ "xhr.setRequestHeader('Authorization', 'Bearer %s')", 0 },
	{ "curl --data 'grant_type=password&username=b&password=%s' x", 0 },
	{ "curl -F pat=%s https://x", 0 },
	{ "curl --cert c.pem:%s https://x", 0 },
	{ "curl -E ./c.pem:%s https://x", 0 },
	{ "http -a bob:%s GET x", 0 },
	{ "jdbc:sqlserver://h:1433;database=d;user=b;password=%s;a=b", 0 },
	{ "jdbc:oracle:thin:bob/%s@//h:1521/x", 0 },
	{ "sqlplus bob/%s@db", 0 },
	{ "sqlplus -s bob/%s", 0 },
	{ "Driver={ODBC Driver 18};Server=h;Uid=bob;Pwd={%s};x=y", 0 },
	{ "beeline -u jdbc:hive2://h -n bob -p %s", 0 },
	/* of administrators */
	{ "echo 'bob:%s' | sudo chpasswd", 0 },
	{ "echo 'bob:%s' | chpasswd", 0 },
	{ "s.mount(u, HTTPBasicAuth('bob', '%s'))", 0 },
	{ "ssh-keygen -t rsa -N %s -f k", 0 },
	{ "lftp -u bob,%s h", 0 },
	{ "mc alias set m https://h AK %s", 0 },
	{ "rabbitmqctl add_user bob %s", 0 },
	{ "rabbitmqctl change_password bob %s", 0 },
	{ "nmcli con mod x wifi-sec.psk %s", 0 },
	{ "netsh wlan set hostednetwork mode=allow ssid=x key=%s", 0 },
	/* where an earlier mask seems to have been, or was */
	{ "password=\"[masked: %s\"", 0 },
	{ "password=\"[masked:no]%s\"", 0 },
	{ ": PSK \"[masked:\n%s", LINE },
	{ ": PSK \"[masked:password]\npassword=%s", LINE },
	/* tokens by how they begin */
	{ "x ghp_%sAbCdEfGhIjKlMnOpQrSt y", 0 },
	{ "x github_pat_11ABCDEFG0%sAbCdEfGhIjKlMnOpQrStUv y", 0 },
	{ "x glpat-%sAbCdEfGh y", 0 },
	{ "x glrt-%sAbCdEfGh y", 0 },
	{ "x npm_%sAbCdEfGhIjKlMnOpQrStUvWx y", 0 },
	{ "x pypi-AgEIcHlwaS5vcmc%sAbCdEfGhIjKlMn y", 0 },
	{ "x xoxb-123456789012-%s y", 0 },
	{ "x xoxe.xoxp-1-%sAbCdEfGh y", 0 },
	{ "x sk_live_%sAbCdEfGhIjKl y", 0 },
	{ "x whsec_%sAbCdEfGhIjKlMnOpQr y", 0 },
	{ "x sk-proj-%sAbCdEfGhIjKlMnOpQrSt y", 0 },
	{ "x sk-ant-api03-%sAbCdEfGhIjKlMn y", 0 },
	{ "x AIzaSyA%sAbCdEfGhIjKlMnOp y", 0 },
	{ "x ya29.a0%sAbCdEfGhIjKlMnOp y", 0 },
	{ "x 1//0%sAbCdEfGhIjKlMnOpQrStUv y", MIXED },
	{ "x hf_%sAbCdEfGhIjKlMnOpQrSt y", 0 },
	{ "x dapi%sAbCdEfGhIjKlMnOpQrSt y", 0 },
	{ "x hvs.%sAbCdEfGhIjKl y", 0 },
	{ "x SG.%sAbCdEfGhIj.KlMnOpQrStUvWxYz y", 0 },
	{ "x lin_api_%sAbCdEfGhIjKlMnOpQrSt y", 0 },
	{ "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.%s y", 0 },
	{ "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3\n"
	  "%s.dozjgNryP4J3jVmNHl0w",
	  LINE },
	{ "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3\n"
	  "ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8UdozjgNry\n"
	  "%s\nnext",
	  LINE | MIXED },
};

/* A password as it should be, and one of small letters. */
static void core_of(size_t shape, bool small, char out[CORE + 1])
{
	static const char end[] = "mountains";

	if (small) {
		out[0] = 'q';
		out[1] = (char)('a' + shape / 26);
		out[2] = (char)('a' + shape % 26);
		memcpy(out + 3, end, sizeof(end));
	} else {
		(void)snprintf(out, CORE + 1, "Zq%03zuk7VtmPx", shape);
	}
}

static void planted(size_t shape, bool small, struct diag_buf *out)
{
	const char *at = shapes[shape].text;
	char core[CORE + 1];

	core_of(shape, small, core);
	for (; *at != '\0'; at++) {
		if (*at != '%') {
			diag_buf_putc(out, *at);
			continue;
		}
		at++;
		if (*at == 's')
			diag_buf_puts(out, core);
		else
			diag_buf_putc(out, *at);
	}
}

/* --- ways and places ------------------------------------------------------ */

enum place { ALONE, IN_A_LOG, AS_JSON, WIDE };

static const struct {
	const char *name;
	written_way *way;
	enum place place;
} ways[] = {
	{ "as it is", written_raw, ALONE },
	{ "in a log", written_raw, IN_A_LOG },
	{ "value of JSON", written_raw, AS_JSON },
	{ "UTF-16", written_raw, WIDE },
	{ "text of JSON", written_json, ALONE },
	{ "some percent", written_percent_some, ALONE },
	{ "all percent", written_percent, IN_A_LOG },
	{ "some entities", written_entities_some, ALONE },
	{ "all entities", written_entities, IN_A_LOG },
	{ "escapes", written_escapes, ALONE },
	{ "base64", written_base64, IN_A_LOG },
};

static void put_at(enum place place, const struct diag_buf *one,
		   struct diag_buf *out)
{
	struct diag_buf text;
	struct diag_jw j;

	if (place == AS_JSON) {
		diag_jw_init(&j, out, 0);
		diag_jw_open(&j, '{');
		diag_jw_key(&j, "line");
		diag_jw_strn(&j, one->data, one->len);
		diag_jw_close(&j, '}');
		return;
	}
	diag_buf_init(&text, TEXT_MAX);
	diag_buf_puts(&text, "first line\n");
	if (place == IN_A_LOG)
		diag_buf_puts(&text, "Nov 28 12:00:00 vpn app[7]: run: ");
	diag_buf_put(&text, one->data, one->len);
	diag_buf_puts(&text, "\nlast line\n");
	if (place == WIDE)
		written_utf16(text.data, text.len, out);
	else
		diag_buf_put(out, text.data, text.len);
	diag_buf_clear(&text);
}

struct
try {
	struct diag_mask *m;
	size_t shape, way;
	bool small;
};

/* What becomes of a shape that is written so. */
static void through(const struct try *t, struct diag_buf *in,
		    struct diag_buf *out)
{
	bool json = ways[t->way].place == AS_JSON;
	struct diag_buf text, one;
	size_t n;

	diag_buf_init(&text, TEXT_MAX);
	diag_buf_init(&one, TEXT_MAX);
	planted(t->shape, t->small, &text);
	ways[t->way].way(text.data, text.len, &one);
	put_at(ways[t->way].place, &one, in);
	assert_true((json ? diag_mask_json : diag_mask_text)(
	    t->m, "x", (struct diag_slice){ in->data, in->len }, out, &n,
	    NULL));
	diag_buf_clear(&one);
	diag_buf_clear(&text);
}

static bool is_left(const struct try *t)
{
	struct diag_buf in, out;
	char core[CORE + 1];
	bool left;

	diag_buf_init(&in, TEXT_MAX);
	diag_buf_init(&out, TEXT_MAX);
	core_of(t->shape, t->small, core);
	through(t, &in, &out);
	left = written_is_in(&out, core);
	if (left)
		print_error("%s: %s\n  became  %s\n", ways[t->way].name,
			    diag_buf_str(&in), diag_buf_str(&out));
	diag_buf_clear(&in);
	diag_buf_clear(&out);
	return left;
}

static bool is_meant(const struct try *t)
{
	unsigned needs = shapes[t->shape].needs;
	bool own_line =
	    ways[t->way].place != IN_A_LOG && ways[t->way].way == written_raw;

	return ((needs & LINE) == 0 || own_line) &&
	       ((needs & MIXED) == 0 || !t->small) &&
	       ((needs & PLAIN) == 0 || ways[t->way].way != written_base64);
}

static size_t left_at(enum diag_mask_level level, bool small)
{
	struct try t = { .m = masked_new(level), .small = small };
	size_t left = 0;

	for (t.shape = 0; t.shape < COUNT(shapes); t.shape++)
		for (t.way = 0; t.way < COUNT(ways); t.way++)
			left += is_meant(&t) && is_left(&t);
	diag_mask_free(t.m);
	return left;
}

static void no_shape_lets_a_secret_through(void **unused)
{
	size_t left = 0;

	(void)unused;
	for (int l = DIAG_MASK_NONE; l <= DIAG_MASK_ADDRESSES; l++)
		left += left_at((enum diag_mask_level)l, false);
	assert_int_equal(0, left);
}

static void nor_one_of_small_letters(void **unused)
{
	(void)unused;
	assert_int_equal(0, left_at(DIAG_MASK_NONE, true));
}

static void schemes_go(const char *const *schemes, size_t n, bool braced)
{
	struct diag_mask *m = masked_new(DIAG_MASK_NONE);

	for (size_t i = 0; i < n; i++) {
		char text[128], *out;

		(void)snprintf(
		    text, sizeof(text), "bob:%c%s%cyAnz5TFlXXJte14:1",
		    braced ? '{' : '$', schemes[i], braced ? '}' : '$');
		out = masked_text(m, text, NULL);
		if (strstr(out, "yAnz5TF") != NULL)
			fail_msg("%s became %s", text, out);
		assert_non_null(strstr(out, ":1"));
		free(out);
	}
	diag_mask_free(m);
}

static void hashes_of_every_scheme_go(void **unused)
{
	static const char *const dollars[] = {
		"1",
		"2a",
		"2b",
		"2x",
		"2y",
		"5",
		"6",
		"7",
		"8",
		"9",
		"y",
		"gy",
		"apr1",
		"argon2i",
		"argon2d",
		"argon2id",
		"scrypt",
		"pbkdf2",
		"pbkdf2-sha256",
		"pbkdf2-sha512",
		"sha1",
		"md5",
	};
	static const char *const braces[] = {
		"SSHA",		"SHA",		"SMD5",	   "MD5",
		"CRYPT",	"SSHA256",	"SSHA512", "PBKDF2",
		"SHA512-CRYPT", "SHA256-CRYPT", "ARGON2",
	};

	(void)unused;
	schemes_go(dollars, COUNT(dollars), false);
	schemes_go(braces, COUNT(braces), true);
}

/* In a document the name says what the value is, wherever it stands. */
static void members_are_read_together(void **unused)
{
	static const char doc[] =
	    "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter\"},"
	    "{\"value\":\"sunny\",\"Name\":\"Cookie\"},"
	    "{\"name\":\"PORT\",\"value\":\"eighty\"},"
	    "{\"sid\":\"ab12cd34ef56\"},{\"sid\":\"S-1-5-21-36238110\"},"
	    "{\"id\":\"https://v.vault.azure.net/secrets/x\","
	    "\"value\":\"vaulted\"},{\"id\":\"/x\",\"value\":\"open\"},"
	    "{\"keyName\":\"key1\",\"value\":\"stored\"},"
	    "{\"username\":\"bob\",\"key\":\"kaggled\"},"
	    "{\"kind\":\"Secret\",\"data\":{\"a\":\"moored\"}},"
	    "{\"stringData\":{\"b\":\"anchored\"},\"kind\":\"Secret\"},"
	    "{\"kind\":\"ConfigMap\",\"data\":{\"c\":\"sailing\"}}]}";
	static const char *const gone[] = { "hunter",	    "sunny",
					    "ab12cd34ef56", "vaulted",
					    "stored",	    "kaggled",
					    "moored",	    "anchored" };
	static const char *const left[] = { "eighty", "S-1-5-21-36238110",
					    "open", "sailing" };
	struct diag_mask *m = masked_new(DIAG_MASK_NONE);
	char *out = masked_json(m, doc);

	(void)unused;
	for (size_t i = 0; i < COUNT(gone); i++)
		assert_null(strstr(out, gone[i]));
	for (size_t i = 0; i < COUNT(left); i++)
		assert_non_null(strstr(out, left[i]));
	free(out);
	diag_mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_shape_lets_a_secret_through),
		cmocka_unit_test(nor_one_of_small_letters),
		cmocka_unit_test(hashes_of_every_scheme_go),
		cmocka_unit_test(members_are_read_together),
	};

	return cmocka_run_group_tests_name("mask/shapes", tests, NULL, NULL);
}
