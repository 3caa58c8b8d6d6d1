using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Peer.Membership;

/// <summary>What the admissions of one secure session share: the spaces, who opens which, and how often the other side failed.</summary>
/// <remarks>Not safe for several threads: the session's one loop owns it. Dispose it with the session; it zeroes what it holds.</remarks>
public sealed class AdmissionGate : IDisposable
{
    /// <summary>How many failed proofs of the other side end the session.</summary>
    public const int FailedProofsMax = 16;

    /// <summary>How many invitations of a space are looked at; the surplus is as if unknown.</summary>
    public const int InvitationsMax = 1024;

    private readonly byte[] _handshakeHash;
    private readonly Dictionary<SpaceId, SpaceAdmission> _spaces = [];
    private readonly Dictionary<SpaceId, (AdmissionSession Owner, bool Admitted)> _claims = [];
    private readonly AdmissionProof _decoyProof = new(Bytes32.FromBytes(RandomNumberGenerator.GetBytes(Bytes32.Size)));
    private List<(AdmissionTag Tag, AuthorKey Invitation, SpaceAdmission Space)>? _joins;
    private AuthorKey? _decoyInvitation;
    private int _failedProofs;

    /// <summary>Starts with no space.</summary>
    /// <param name="role">This side's Noise role.</param>
    /// <param name="handshakeHash">The 32 bytes that name the session.</param>
    /// <param name="self">This device.</param>
    /// <param name="other">The device that the other side proved to be.</param>
    /// <exception cref="ArgumentException">The hash has another length.</exception>
    public AdmissionGate(NoiseRole role, ReadOnlySpan<byte> handshakeHash, DeviceKey self, DeviceKey other)
    {
        if (handshakeHash.Length != AdmissionKeys.HandshakeHashBytes)
        {
            throw new ArgumentException(
                $"A handshake hash has {AdmissionKeys.HandshakeHashBytes} bytes; {handshakeHash.Length} were given.",
                nameof(handshakeHash));
        }

        Role = role;
        Self = self;
        Other = other;
        _handshakeHash = handshakeHash.ToArray();
    }

    /// <summary>Whether the session is over: nothing is admitted any more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>This side's Noise role.</summary>
    internal NoiseRole Role { get; }

    /// <summary>This device.</summary>
    internal DeviceKey Self { get; }

    /// <summary>The device at the other end.</summary>
    internal DeviceKey Other { get; }

    /// <summary>Lets the space be opened in this session, from either side. The secret is copied.</summary>
    /// <exception cref="ObjectDisposedException">The session is over: look at <see cref="IsEnded"/> first.</exception>
    public void AddSpace(SpaceId space, SpaceSecret secret) => Add(Prepare(space, secret));

    /// <summary>Lets it be opened no more; a channel on which it is open already is the caller's to close.</summary>
    public void RemoveSpace(SpaceId space)
    {
        if (_spaces.Remove(space, out var entry))
        {
            entry.Dispose();
            _joins = null;
        }
    }

    /// <summary>
    /// Says which invitations of a space a newcomer may name: all that are not cancelled, used up and expired ones included,
    /// since their holder is told so. Give none where this device may not sponsor.
    /// </summary>
    /// <param name="space">A space that was added; otherwise nothing happens.</param>
    /// <param name="invitations">Their public keys, newest first: the first <see cref="InvitationsMax"/> count.</param>
    public void SetInvitations(SpaceId space, IReadOnlyList<AuthorKey> invitations)
    {
        if (_spaces.TryGetValue(space, out var entry))
        {
            entry.Invitations = [.. invitations.Take(InvitationsMax)];
            _joins = null;
        }
    }

    /// <summary>Whether a channel of this session has the space open or is opening it: opening another makes no sense.</summary>
    public bool IsClaimed(SpaceId space) => _claims.ContainsKey(space);

    /// <inheritdoc/>
    public void Dispose()
    {
        IsEnded = true;
        foreach (var entry in _spaces.Values)
        {
            entry.Dispose();
        }

        _spaces.Clear();
        _claims.Clear();
        _joins = null;
    }

    /// <summary>Computes what both sides would say to open a space, without letting it be opened yet.</summary>
    internal SpaceAdmission Prepare(SpaceId space, SpaceSecret secret) => new(space, secret, Role, _handshakeHash);

    /// <summary>Lets a prepared space be opened; it belongs to the gate from here on.</summary>
    internal void Add(SpaceAdmission entry)
    {
        ObjectDisposedException.ThrowIf(IsEnded, this);
        if (_spaces.TryGetValue(entry.Space, out var old))
        {
            entry.Invitations = old.Invitations;
            RemoveSpace(entry.Space);
        }

        _spaces.Add(entry.Space, entry);
    }

    internal SpaceAdmission? Find(SpaceId space) => _spaces.GetValueOrDefault(space);

    /// <summary>The space that the other side named and proved to know. Takes the same time whichever it is, or none.</summary>
    internal SpaceAdmission? FindOpen(AdmissionTag tag, AdmissionProof proof)
    {
        SpaceAdmission? named = null;
        var expected = _decoyProof;
        foreach (var entry in _spaces.Values)
        {
            if (entry.OtherTag.FixedTimeEquals(tag))
            {
                (named, expected) = (entry, entry.OtherProof);
            }
        }

        return expected.FixedTimeEquals(proof) ? named : null;
    }

    /// <summary>The space and invitation that the other side named and whose private half it proved to hold.</summary>
    internal (SpaceAdmission Space, AuthorKey Invitation)? FindJoin(AdmissionTag tag, SignatureBytes signature)
    {
        SpaceAdmission? named = null;
        var invitation = _decoyInvitation ??= RandomInvitation();
        foreach (var expected in _joins ??= ExpectedJoins())
        {
            if (expected.Tag.FixedTimeEquals(tag))
            {
                (named, invitation) = (expected.Space, expected.Invitation);
            }
        }

        // A tag that nobody expects costs a check too, so that the time tells nothing.
        return Invitation.Verify(named?.Space ?? default, invitation, Other, signature) && named is not null
            ? (named, invitation)
            : null;
    }

    /// <summary>The tag with which this side asks to join.</summary>
    internal AdmissionTag OwnJoinTag(SpaceId space, AuthorKey invitation) =>
        AdmissionKeys.JoinTag(space, invitation, Role, _handshakeHash);

    /// <summary>Counts a failed proof of the other side.</summary>
    /// <returns>Whether that was one too many.</returns>
    internal bool CountFailure() => ++_failedProofs >= FailedProofsMax;

    /// <summary>Claims a space for a channel that this side opens.</summary>
    internal bool TryClaim(SpaceId space, AdmissionSession owner) => _claims.TryAdd(space, (owner, Admitted: false));

    /// <summary>Claims a space for a channel that the other side opened.</summary>
    /// <returns>False when the space is open already, or opened by this side, which as initiator has the right of way.</returns>
    internal bool TryClaimForOther(SpaceId space, AdmissionSession owner)
    {
        if (_claims.TryGetValue(space, out var claim) && (claim.Admitted || Role == NoiseRole.Initiator))
        {
            return false;
        }

        _claims[space] = (owner, Admitted: true);
        return true;
    }

    /// <summary>Marks the space open on the channel that this side opened.</summary>
    /// <returns>False when the other side has let the space be opened on two channels.</returns>
    internal bool TryConfirm(SpaceId space, AdmissionSession owner)
    {
        if (_claims.TryGetValue(space, out var claim) && claim.Owner != owner)
        {
            return false;
        }

        _claims[space] = (owner, Admitted: true);
        return true;
    }

    /// <summary>Gives up what the channel had claimed.</summary>
    internal void Release(SpaceId space, AdmissionSession owner)
    {
        if (_claims.TryGetValue(space, out var claim) && claim.Owner == owner)
        {
            _ = _claims.Remove(space);
        }
    }

    private static AuthorKey RandomInvitation()
    {
        using var invitation = Invitation.Create();
        return invitation.Key;
    }

    private List<(AdmissionTag Tag, AuthorKey Invitation, SpaceAdmission Space)> ExpectedJoins()
    {
        var role = Role == NoiseRole.Initiator ? NoiseRole.Responder : NoiseRole.Initiator;
        return
        [
            .. from space in _spaces.Values
               from invitation in space.Invitations
               select (AdmissionKeys.JoinTag(space.Space, invitation, role, _handshakeHash), invitation, space),
        ];
    }
}
