using System.Security.Cryptography;
using System.Text;

namespace Replica.Peer.Membership;

/// <summary>What keys in a backup are sealed under. Never printed; zeroed when disposed.</summary>
public sealed class Passphrase : IDisposable
{
    /// <summary>The fewest bytes of UTF-8; shorter ones are tried out in no time.</summary>
    public const int BytesMin = 8;

    /// <summary>The most bytes of UTF-8.</summary>
    public const int BytesMax = 1024;

    private readonly byte[] _utf8;
    private bool _isDisposed;

    private Passphrase(byte[] utf8) => _utf8 = utf8;

    /// <summary>The bytes, for deriving a key.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _utf8;
        }
    }

    /// <summary>Takes over characters; the caller zeroes its own.</summary>
    /// <exception cref="MembershipException">It is too short or too long (<see cref="MembershipException.PassphraseInvalid"/>).</exception>
    public static Passphrase FromText(ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        if (count is < BytesMin or > BytesMax)
        {
            throw new MembershipException(
                MembershipException.PassphraseInvalid, $"A passphrase has {BytesMin} to {BytesMax} bytes; this one has {count}.");
        }

        var utf8 = GC.AllocateUninitializedArray<byte>(count, pinned: true);
        _ = Encoding.UTF8.GetBytes(text, utf8);
        return new(utf8);
    }

    /// <summary>That it is one, and nothing of it.</summary>
    public override string ToString() => "passphrase (hidden)";

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_utf8);
    }
}
