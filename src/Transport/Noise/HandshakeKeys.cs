using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>What one side brings to a handshake. The handshake does not dispose the keys; their owner does.</summary>
internal sealed record HandshakeKeys
{
    /// <summary>This side's ephemeral key, made for this handshake alone.</summary>
    public required Key Ephemeral { get; init; }

    /// <summary>This side's static key, where the pattern has one.</summary>
    public Key? Static { get; init; }

    /// <summary>The other side's static key, where the pattern wants it known beforehand; 32 bytes.</summary>
    public ReadOnlyMemory<byte> RemoteStatic { get; init; }

    /// <summary>The pre-shared keys in the order of their tokens, 32 bytes each.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Psks { get; init; } = [];
}
