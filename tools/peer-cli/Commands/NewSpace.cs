using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.PeerCli.Control;
using Replica.Web.Json;

namespace Replica.PeerCli.Commands;

/// <summary>What <c>init</c> and <c>join</c> share: a space is added to a home, which may be new.</summary>
internal static class NewSpace
{
    /// <summary>Adds the space.</summary>
    /// <returns>What the home answered, as JSON.</returns>
    public static async Task<string> AddAsync(
        Globals globals, ParseResult parse, string? displayName, string? ticket, Durability? durability, CancellationToken cancellationToken)
    {
        var directory = globals.Directory(parse, mayBeNew: true);
        var wish = new JsonObject
        {
            ["name"] = globals.SpaceOf(parse),
            ["displayName"] = displayName ?? Environment.MachineName,
        };
        if (durability is { } wished)
        {
            wish["durability"] = DurabilityName.Of(wished);
        }

        if (ticket is not null)
        {
            wish["ticket"] = ticket;
        }

        // Checked before a home is made, so that a wrong word leaves no half of one behind.
        ReplicaHome.CheckNew(globals.SpaceOf(parse), ticket);
        await using var home = await HomeConnection.OpenAsync(
            directory, mayCreate: true, "replica " + parse.CommandResult.Command.Name, cancellationToken);
        return await home.Client.PostAsync("/v1/spaces", Encoding.UTF8.GetBytes(wish.ToJsonString()), cancellationToken);
    }

    /// <summary>The option for when writes to the space are acknowledged.</summary>
    public static Option<Durability?> DurabilityOption() => Globals.DurabilityOption(
        "Acknowledge writes when they are on disk (full), or once written, on disk within 50 ms (relaxed: a power cut can lose the last)");

    /// <summary>The option for the name under which others see this device.</summary>
    public static Option<string?> NameOption() =>
        Globals.Text("--name", "NAME", "What others will see this device as; the machine's name if not given");
}
