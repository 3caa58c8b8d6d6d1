using System.Security.Cryptography;

namespace Replica.Peer.Membership;

/// <summary>The 32 bytes that every member of a space holds and nobody else. Never printed; zeroed when disposed.</summary>
public sealed class SpaceSecret : IDisposable
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    // Pinned, so that the collector leaves no second copy behind when it compacts.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    private bool _disposed;

    private SpaceSecret()
    {
    }

    /// <summary>What a ticket says of this secret, so that its holder can recognise it.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public SecretCheck Check => AdmissionKeys.CheckOf(this);

    /// <summary>The bytes themselves, for derivations and for the message that hands them over.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>Makes the secret of a new space from the system's random generator.</summary>
    public static SpaceSecret Create()
    {
        var secret = new SpaceSecret();
        RandomNumberGenerator.Fill(secret._bytes);
        return secret;
    }

    /// <summary>Copies exactly 32 bytes; the caller zeroes its own.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static SpaceSecret FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A space secret has {Size} bytes; {bytes.Length} were given.", nameof(bytes));
        }

        var secret = new SpaceSecret();
        bytes.CopyTo(secret._bytes);
        return secret;
    }

    /// <summary>A second copy with a life of its own.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public SpaceSecret Copy() => FromBytes(Bytes);

    /// <summary>Whether both are the same, in a time that does not depend on where they differ.</summary>
    /// <exception cref="ObjectDisposedException">One of them was disposed.</exception>
    public bool FixedTimeEquals(SpaceSecret other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    /// <summary>That it is a secret, and nothing of it.</summary>
    public override string ToString() => "space secret (hidden)";

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
