using System.CommandLine;
using System.CommandLine.Parsing;
using Replica.Crdt.Encoding;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;
using Replica.PeerCli.Output;
using Replica.Web.Json;

namespace Replica.PeerCli.Commands;

/// <summary>What every command has: the options that stand on each of them, and where it writes.</summary>
/// <param name="terminal">Where the commands write.</param>
internal sealed class Globals(Terminal terminal)
{
    /// <summary>The name of <see cref="Trace"/>, which counts also where the rest of the line can't be read.</summary>
    public const string TraceName = "--trace";

    /// <summary>The option that names the home.</summary>
    public Option<string?> Dir { get; } = new("--dir")
    {
        Description = "The home; else REPLICA_DIR, else the current directory when it is one",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>The option that picks a space of the home.</summary>
    public Option<string> Space { get; } = new("--space")
    {
        Description = "The space within the home",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = static _ => "main",
    };

    /// <summary>The option for output that programs read.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Output for programs: one JSON object a line",
        Recursive = true,
    };

    /// <summary>The option that names a daemon by its address.</summary>
    public Option<string?> Api { get; } = new("--api")
    {
        Description = "Speak to the daemon that serves its API here, in place of a home; with --token-file",
        HelpName = "http://127.0.0.1:PORT",
        Recursive = true,
    };

    /// <summary>The option that names where the token for <see cref="Api"/> stands.</summary>
    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "The file that holds the token for --api: api.token of the daemon's home",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The option that shows where a fault came from.</summary>
    public Option<bool> Trace { get; } = new(TraceName)
    {
        Description = "Show where in the program a fault came from",
        Recursive = true,
    };

    /// <summary>Where the commands write.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Connects to the home that the command line names.</summary>
    public async Task<HomeConnection> OpenAsync(ParseResult parse, CancellationToken cancellationToken) =>
        OpenApi(parse) ?? await HomeConnection.OpenAsync(
            Directory(parse, mayBeNew: false), mayCreate: false, "replica " + parse.CommandResult.Command.Name, cancellationToken);

    /// <summary>Connects to the daemon of the home that the command line names; the home is not taken if there is none.</summary>
    /// <exception cref="ReplicaException">There is no daemon (<c>REPLICA_NO_DAEMON</c>).</exception>
    public async Task<HomeConnection> OpenDaemonAsync(ParseResult parse, CancellationToken cancellationToken) =>
        OpenApi(parse) ?? await HomeConnection.TryOpenDaemonAsync(Directory(parse, mayBeNew: false), cancellationToken)
        ?? throw new ReplicaException("REPLICA_NO_DAEMON", "No daemon runs on this home: start one with 'replica run'.");

    /// <summary>The directory of the home.</summary>
    public string Directory(ParseResult parse, bool mayBeNew) => HomeDirectory.Resolve(parse.GetValue(Dir), mayBeNew);

    /// <summary>The name of the space.</summary>
    public string SpaceOf(ParseResult parse) => parse.GetValue(Space) is { Length: > 0 } name
        ? name
        : throw new UsageException("--space is empty: name a space, or leave it out for 'main'.");

    /// <summary>Whether the output is for programs.</summary>
    public bool IsJson(ParseResult parse) => parse.GetValue(Json);

    /// <summary>Whether faults show where they came from.</summary>
    public bool IsTraced(ParseResult parse) => parse.GetValue(Trace);

    /// <summary>An argument that must be given once.</summary>
    public static Argument<string> Due(string name, string description) => new(name) { Description = description };

    /// <summary>The option for when local writes are acknowledged.</summary>
    public static Option<Durability?> DurabilityOption(string description) => new("--durability")
    {
        Description = description,
        HelpName = "full|relaxed",
        CustomParser = static result =>
        {
            try
            {
                return DurabilityName.Parse(result.Tokens[0].Value);
            }
            catch (EncodingException fault)
            {
                result.AddError(fault.Message);
                return null;
            }
        },
    };

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>An option with a number from 1.</summary>
    public static Option<int?> Count(string name, string description, int max = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseCount(result, max),
    };

    private HomeConnection? OpenApi(ParseResult parse)
    {
        var (address, file) = (parse.GetValue(Api), parse.GetValue(TokenFile));
        if (address is null && file is null)
        {
            return null;
        }

        if (address is null || file is null)
        {
            throw new UsageException("--api and --token-file go together: the one says where the daemon is, the other holds its token.");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http", IsLoopback: true, AbsolutePath: "/" }
            ? HomeConnection.Of(uri, HomeToken.Read(file))
            : throw new UsageException($"--api '{address}': the API is served on this machine alone, at http://127.0.0.1:PORT.");
    }

    private static int? ParseCount(ArgumentResult result, int max)
    {
        if (int.TryParse(result.Tokens[0].Value, out var count) && count >= 1 && count <= max)
        {
            return count;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a whole number from 1 to {max}.");
        return null;
    }
}
