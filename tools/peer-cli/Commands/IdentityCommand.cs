using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>identity renew</c>: gives a copied home a device key of its own.</summary>
internal static class IdentityCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var renew = new Command("renew", "Draw a new device key for a copied home; stop the daemon first. Each space then needs a ticket to write and sync");
        renew.SetAction(parse =>
        {
            var done = HomeIdentity.Renew(globals.Directory(parse, mayBeNew: false), "replica identity renew", TimeProvider.System);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(ToJson(done));
                return;
            }

            globals.Terminal.Line($"device    {done.NewDevice}");
            globals.Terminal.Line($"before    {done.OldDevice}");
            globals.Terminal.Line($"old keys  {SafeText.Of(done.KeptIn)} (secrets: delete them once all spaces are joined again)");
            foreach (var space in done.Spaces)
            {
                globals.Terminal.Line($"space     {SafeText.Of(space)} can be read. To write and sync: 'replica invite' on a device of an admin, then "
                    + $"'replica --space {SafeText.Of(space)} join TICKET' here");
            }
        });
        return new("identity", "Who this device is to others") { renew };
    }

    private static string ToJson(IdentityRenewal done)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("device", done.NewDevice);
            json.WriteString("before", done.OldDevice);
            json.WriteString("keptIn", done.KeptIn);
            json.WriteStartArray("spaces");
            foreach (var space in done.Spaces)
            {
                json.WriteStringValue(space);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
