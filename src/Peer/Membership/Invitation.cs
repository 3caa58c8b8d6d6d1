using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Transport;
using Replica.Transport.Crypto;

namespace Replica.Peer.Membership;

/// <summary>The key pair of an invitation: who holds the private half may let devices in. Zeroed when disposed.</summary>
/// <remarks>The public half stands in the space's log; the private half leaves only inside a <see cref="Ticket"/>.</remarks>
public sealed class Invitation : IDisposable
{
    private readonly DeviceKeyPair _pair;

    private Invitation(DeviceKeyPair pair)
    {
        _pair = pair;
        Key = AuthorKey.FromBytes(pair.PublicKey.ToArray());
    }

    /// <summary>The public half, by which an invitation is named.</summary>
    public AuthorKey Key { get; }

    /// <summary>Makes a fresh invitation from the system's random generator.</summary>
    public static Invitation Create() => new(DeviceKeyPair.Create());

    /// <summary>Makes the invitation that belongs to a seed of 32 bytes; the caller zeroes its own copy.</summary>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public static Invitation FromSeed(ReadOnlySpan<byte> seed) => new(DeviceKeyPair.FromSeed(seed));

    /// <summary>Whether the holder of an invitation let this device into this space.</summary>
    /// <returns>False for anything else; it never throws on what others sent.</returns>
    public static bool Verify(SpaceId space, AuthorKey invitation, DeviceKey device, SignatureBytes signature) =>
        DeviceSignature.Verify(
            DeviceKey.FromBytes(invitation.ToArray()), AdmissionKeys.JoinText(space, invitation, device), signature.Bytes.Span);

    /// <summary>Lets one device into one space.</summary>
    /// <exception cref="ObjectDisposedException">The invitation was disposed.</exception>
    public SignatureBytes Sign(SpaceId space, DeviceKey device) =>
        new(_pair.Sign(AdmissionKeys.JoinText(space, Key, device)));

    /// <summary>The public half and nothing else.</summary>
    public override string ToString() => Key.ToString();

    /// <inheritdoc/>
    public void Dispose() => _pair.Dispose();

    /// <summary>Writes the private half to 32 bytes, which the caller zeroes.</summary>
    internal void ExportSeed(Span<byte> destination) => _pair.ExportSeed(destination);
}
