using System.Collections.Frozen;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Replica.PeerCli.Commands;

/// <summary>The examples that <c>--help</c> shows under each command.</summary>
internal static class Examples
{
    private static readonly FrozenDictionary<string, string[]> s_lines = new Dictionary<string, string[]>
    {
        ["replica"] =
        [
            "replica --dir notes init",
            "replica --dir notes put ada --type person name=Ada born=1815",
            "replica --dir notes run --listen 'tcp://*:4747'",
        ],
        ["init"] = ["replica --dir notes init", "replica --dir notes --space work init --name laptop", "replica --dir sensors init --durability relaxed"],
        ["put"] =
        [
            "replica put ada --type person name='Ada Lovelace' born=1815 living=false",
            "replica put ada tags='[\"maths\",\"verse\"]' note='\"42\"'",
            "replica put ada --fields '{\"born\":{\"$time\":\"1815-12-10T00:00:00Z\"}}'",
            "replica put ada --remove note",
            "replica put ada --vector '[0.25,-1,3]'",
        ],
        ["get"] = ["replica get ada", "replica get ada --json"],
        ["delete"] = ["replica delete ada"],
        ["link"] = ["replica link ada knows charles since=1833", "replica link ada wrote notes --key first", "replica link ada knows charles --remove since"],
        ["unlink"] = ["replica unlink ada knows charles"],
        ["edges"] = ["replica edges", "replica edges ada", "replica edges --from ada --relation knows --json"],
        ["ls"] = ["replica ls", "replica ls --type person --limit 20", "replica ls --prefix airport/ --json"],
        ["move"] = ["replica move chapter-2 --under book", "replica move intro --under book --first", "replica move intro --under book --after preface"],
        ["tree"] = ["replica tree", "replica tree book --depth 2 --json", "replica tree --orphans"],
        ["count"] =
        [
            "replica count page/home visits 1",
            "replica count page/home visits 100 --set",
            "replica count page/home visits -- -1",
            "replica count ada letters 1 --relation knows --to charles",
        ],
        ["tag"] = ["replica tag page/home topics sync sqlite", "replica tag ada places london --relation knows --to charles"],
        ["untag"] = ["replica untag page/home topics sqlite", "replica untag ada places london --relation knows --to charles"],
        ["declare"] = ["replica declare married-to to-one"],
        ["conflicts"] = ["replica conflicts", "replica conflicts page/home --json", "replica conflicts ada --relation knows --to charles"],
        ["resolve"] =
        [
            "replica resolve page/home title=Welcome",
            "replica resolve page/home visits='{\"$counter\":12}' --type page",
            "replica resolve ada --relation married-to --to william --keep",
            "replica resolve ada since=1833 --relation knows --to charles",
            "replica resolve chapter-2 --under book",
        ],
        ["identity"] = ["replica --dir notes-copy identity renew"],
        ["renew"] = ["replica --dir notes-copy identity renew", "replica --dir notes-copy identity renew --json"],
        ["token"] = ["replica token renew"],
        ["token renew"] = ["replica token renew", "replica --dir notes token renew --json"],
        ["raise"] = ["replica raise 1"],
        ["respace"] = ["replica respace", "replica respace book"],
        ["import"] =
        [
            "replica import graph.jsonl",
            "replica import people.csv --type person --id email --edge manager=reports-to",
            "replica import airports.dat.gz --no-header --columns id,name,city,country --null '\\N' --type airport --id 'airport/{id}'",
            "replica import routes.csv --from 'airport/{src}' --relation flies-to --to 'airport/{dst}' --key airline --skip-bad",
        ],
        ["export"] = ["replica export > graph.jsonl", "replica export --output graph.jsonl"],
        ["invite"] =
        [
            "replica invite > ticket.txt",
            "replica invite --role reader --uses 5 --expires 7d --hint tcp://192.0.2.7:4747 --json",
            "replica invite --list",
            "replica invite --cancel 0f4c1d9e2b7a6853",
        ],
        ["members"] = ["replica members", "replica members --json"],
        ["promote"] = ["replica promote 6a84d583f06569ed", "replica promote 6a84d583f06569ed --role admin"],
        ["demote"] = ["replica demote 6a84d583f06569ed", "replica demote 6a84d583f06569ed --role writer"],
        ["join"] =
        [
            "replica --dir notes join --ticket-file ticket.txt",
            "replica --dir notes --space team join --ticket-file - --name phone < ticket.txt",
        ],
        ["state"] = ["replica state --canonical | sha256sum"],
        ["log"] = ["replica log --limit 10", "replica log --after 120 --json"],
        ["history"] = ["replica history page/home", "replica history ada --relation knows --to charles --limit 10 --json"],
        ["peers"] = ["replica peers", "replica peers --json"],
        ["verify"] = ["replica verify", "replica verify work --json"],
        ["repair"] = ["replica repair", "replica --dir notes repair work"],
        ["backup"] = ["replica backup notes.backup", "replica backup notes.backup --with-keys --passphrase-file secret.txt"],
        ["restore"] =
        [
            "replica restore notes.backup notes2 && replica --dir notes2 join replica1…",
            "replica restore notes.backup notes2 --passphrase-file secret.txt",
            "replica restore notes.backup notes2 --without-keys",
        ],
        ["run"] =
        [
            "replica run --listen 'tcp://*:4747'",
            "replica run --listen tcp://127.0.0.1:0 --connect tcp://192.0.2.7:4747",
            "replica run --listen 'tcp://*:4747' --no-compression diary",
            "replica run --relay wss://relay.example",
            "replica run --config replica.json --log-format json",
            "replica run --backup-dir backups --backup-every 24h --backup-keep 7",
            "replica run --metrics-listen 127.0.0.1:9464 --api-listen 127.0.0.1:7401",
        ],
        ["watch"] = ["replica watch", "replica watch --json --after 0", "replica watch --limit 1"],
        ["config show"] = ["replica config show", "replica config show --config replica.json --json"],
        ["config"] = ["replica config show", "replica config show --json", "replica config show --config replica.json"],
        ["relay"] =
        [
            "replica relay --listen ws://127.0.0.1:8443 --name relay.example --token SECRET",
            "replica relay --listen wss://0.0.0.0:443 --name relay.example --allow routing-keys",
        ],
        ["doctor"] = ["replica doctor", "replica doctor --json"],
        ["status"] = ["replica status", "replica status --json"],
        ["who"] = ["replica who page/home", "replica who page/home --json"],
        ["presence"] = ["replica presence 'writing page/home' --ttl 60s", "replica presence", "replica presence --watch --json"],
        ["demo"] = ["replica demo", "replica demo --data graph.jsonl --limit 2m --keep", "replica demo --data notes --json"],
        ["pause"] = ["replica pause"],
        ["dev"] = ["replica dev scenario fields.json tree.json", "replica dev msgpack inputs.json", "replica dev write 1000"],
        ["scenario"] = ["replica dev scenario fields.json tree.json", "replica dev scenario random.jsonl --store sqlite --json"],
        ["write"] = ["replica --dir notes dev write 1000", "replica --dir notes dev write 100 --size 4096 --json"],
        ["msgpack"] = ["replica dev msgpack inputs.json", "echo 82a16101a16102 | replica dev msgpack /dev/stdin"],
        ["vectors"] = ["replica dev vectors noise.json ed25519_test.json", "replica dev vectors *.json --json"],
        ["dev identity"] =
        [
            "replica dev identity --static-hex 64-HEX-DIGITS --role initiator",
            "replica --dir notes dev identity --static-hex 64-HEX-DIGITS --role responder --json",
        ],
        ["echo"] = ["replica dev echo --listen 127.0.0.1:7400", "replica dev echo --connect 127.0.0.1:7401 --json"],
        ["resume"] = ["replica resume"],
        ["completion"] = ["replica completion bash", "eval \"$(replica completion zsh)\"", "replica completion fish | source"],
        ["complete-words"] = ["replica complete-words -- get pag"],
    }.ToFrozenDictionary();

    /// <summary>The examples of a command; none for one that has none. Two commands of one name go by that of their group too.</summary>
    public static IReadOnlyList<string> Of(CommandResult command)
    {
        var name = command.Command is RootCommand ? "replica" : command.Command.Name;
        return command.Parent is CommandResult group && s_lines.TryGetValue($"{group.Command.Name} {name}", out var own)
            ? own
            : s_lines.GetValueOrDefault(name, []);
    }
}
