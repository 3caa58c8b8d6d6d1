using System.CommandLine;
using System.Text.Json.Nodes;
using Replica.Testing.Echo;
using Replica.Transport.Noise;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev identity</c>: makes the payload with which a device vouches for somebody's Noise key.</summary>
internal static class IdentityPayloadCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var key = new Option<string>("--static-hex")
        {
            Description = "The Noise static public key to vouch for: 64 hex digits",
            HelpName = "KEY",
            Required = true,
        };
        var role = new Option<string>("--role") { Description = "Who will send the payload", Required = true };
        role.AcceptOnlyFromAmong("initiator", "responder");
        var command = new Command("identity", "Print a device key and the payload of a handshake message 2 or 3") { key, role };
        command.SetAction(parse =>
        {
            var noiseStatic = DeveloperKeys.Read(parse.GetValue(key)!, "--static-hex");
            var side = parse.GetValue(role) == "initiator" ? NoiseRole.Initiator : NoiseRole.Responder;
            using var device = DeveloperKeys.Device(globals, parse);
            var payload = Convert.ToHexStringLower(HandshakePayload.Create(device, side, noiseStatic));
            if (globals.IsJson(parse))
            {
                var line = new JsonObject
                {
                    ["device"] = device.PublicKey.ToString(),
                    ["role"] = parse.GetValue(role),
                    ["static"] = Convert.ToHexStringLower(noiseStatic),
                    ["payload"] = payload,
                };
                globals.Terminal.JsonLine(line.ToJsonString());
                return;
            }

            globals.Terminal.Line($"device  {device.PublicKey}");
            globals.Terminal.Line($"payload {payload}");
        });
        return command;
    }
}
