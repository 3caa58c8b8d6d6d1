using System.Text.Json.Nodes;
using Replica.Testing.Echo;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.PeerCli.Output;

/// <summary>Tells of an echo's sessions, each in one line that is written at once.</summary>
internal sealed class EchoOutput(Terminal terminal, bool isJson) : IEchoEvents
{
    private readonly Lock _gate = new();

    /// <summary>Who it is and where it listens.</summary>
    public void Listening(string address, DeviceKey device) => Tell(
        $"listening on {address} as device {device}",
        new() { ["event"] = "listening", ["address"] = address, ["device"] = device.ToString() });

    /// <inheritdoc/>
    public void OnSession(DeviceKey device, NoiseRole role, PeerAddress from, ReadOnlyMemory<byte> handshakeHash)
    {
        var (side, hash) = (role == NoiseRole.Initiator ? "initiator" : "responder", Convert.ToHexStringLower(handshakeHash.Span));
        Tell(
            $"session with device {device} at {from} as {side}, handshake hash {hash}",
            new() { ["event"] = "session", ["device"] = device.ToString(), ["role"] = side, ["hash"] = hash });
    }

    /// <inheritdoc/>
    public void OnEnded(DeviceKey device, long messages, string reason) => Tell(
        $"session with device {device} ended after {messages} messages: {reason}",
        new() { ["event"] = "ended", ["device"] = device.ToString(), ["messages"] = messages, ["reason"] = reason });

    /// <inheritdoc/>
    public void OnRefused(PeerAddress from, string code, string reason) => Tell(
        $"refused {from}: {reason} ({code})",
        new() { ["event"] = "refused", ["from"] = from.ToString(), ["code"] = code, ["reason"] = reason });

    private void Tell(string text, JsonObject json)
    {
        lock (_gate)
        {
            terminal.Line(isJson ? json.ToJsonString() : SafeText.Of(text));
            terminal.Output.Flush();
        }
    }
}
