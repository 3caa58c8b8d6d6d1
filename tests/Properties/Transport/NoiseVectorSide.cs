using System.Text.Json;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Tests.Properties.Transport;

/// <summary>One side of a vector, set up as the vector says, and the steps it can take.</summary>
internal sealed class NoiseVectorSide : IDisposable
{
    private readonly HandshakeState _handshake;
    private CipherState? _send;
    private CipherState? _receive;

    public NoiseVectorSide(JsonElement vector, string prefix, JsonElement? mutation)
    {
        var parts = vector.GetProperty("protocol_name").GetString()!.Split('_');
        var pattern = HandshakePattern.All.Single(p => p.Name == parts[1]);
        NoiseHash hash = parts[4] == "SHA256" ? Sha256Hash.Instance : Blake2bHash.Instance;
        byte[]? Field(string name) => Text(vector, mutation, $"{prefix}_{name}") is { } text ? Convert.FromHexString(text) : null;
        var keys = new HandshakeKeys
        {
            Ephemeral = Import(Field("ephemeral"))!,
            Static = Import(Field("static")),
            RemoteStatic = Field("remote_static") ?? [],
            Psks = vector.TryGetProperty($"{prefix}_psks", out var psks)
                ? [.. psks.EnumerateArray().Select(p => new ReadOnlyMemory<byte>(Convert.FromHexString(p.GetString()!)))]
                : [],
        };
        var role = prefix == "init" ? NoiseRole.Initiator : NoiseRole.Responder;
        _handshake = new HandshakeState(pattern, hash, role, Field("prologue") ?? [], keys);
    }

    public byte[] Hash => _handshake.HandshakeHash.ToArray();

    public byte[] Write(string phase, byte[] payload)
    {
        var message = new byte[CipherState.MessageBytesMax];
        if (phase == "handshake")
        {
            return message[.._handshake.WriteMessage(payload, message)];
        }

        Split();
        message = new byte[payload.Length + CipherState.TagLength];
        _send!.Encrypt(default, payload, message);
        return message;
    }

    public byte[] Read(string phase, byte[] message)
    {
        var payload = new byte[message.Length];
        if (phase == "handshake")
        {
            return payload[.._handshake.ReadMessage(message, payload)];
        }

        Split();
        return payload[.._receive!.Decrypt(default, message, payload)];
    }

    public void RekeySend()
    {
        Split();
        _send!.Rekey();
    }

    public void RekeyReceive()
    {
        Split();
        _receive!.Rekey();
    }

    public void Dispose()
    {
        _handshake.Dispose();
        _send?.Dispose();
        _receive?.Dispose();
    }

    private static string? Text(JsonElement vector, JsonElement? mutation, string field)
    {
        if (mutation is { } change && change.GetProperty("op").GetString() == "config"
            && change.GetProperty("field").GetString() == field)
        {
            return change.GetProperty("value").GetString();
        }

        return vector.TryGetProperty(field, out var value) ? value.GetString() : null;
    }

    private static Key? Import(byte[]? secret) => secret is null ? null : Key.Import(KeyAgreementAlgorithm.X25519, secret);

    private void Split()
    {
        if (_send is null)
        {
            (_send, _receive) = _handshake.Split();
        }
    }
}
