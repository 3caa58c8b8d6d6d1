using System.CommandLine;
using System.CommandLine.Parsing;
using Replica.Crdt.Encoding;
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

    /// <summary>Where the commands write.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Connects to the home that the command line names.</summary>
    public Task<HomeConnection> OpenAsync(ParseResult parse, CancellationToken cancellationToken) =>
        HomeConnection.OpenAsync(
            Directory(parse, mayBeNew: false), mayCreate: false, "replica " + parse.CommandResult.Command.Name, cancellationToken);

    /// <summary>The directory of the home.</summary>
    public string Directory(ParseResult parse, bool mayBeNew) => HomeDirectory.Resolve(parse.GetValue(Dir), mayBeNew);

    /// <summary>The name of the space.</summary>
    public string SpaceOf(ParseResult parse) => parse.GetValue(Space) is { Length: > 0 } name
        ? name
        : throw new UsageException("--space is empty: name a space, or leave it out for 'main'.");

    /// <summary>Whether the output is for programs.</summary>
    public bool IsJson(ParseResult parse) => parse.GetValue(Json);

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
