using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Membership;

/// <summary>Admits one space on one channel, as opener or answerer. Does no I/O, reads no clock, starts no task.</summary>
/// <remarks>
/// Message flow (docs/protocol-admission.md):
/// <code>
/// opener                          answerer
/// open(tag, proof)           →              both members
///                            ←    opened(proof) | unknown | duplicate
///
/// join(tag, name, signature) →              opener holds a ticket
///                            ←    welcome(secret) | unknown | expired | used-up | cancelled
/// stores the secret, closes the channel, opens a new one with open(tag, proof)
/// </code>
/// A session that neither <see cref="Open"/> nor <see cref="Join"/> was called on is the answerer. Not safe for several threads.
/// </remarks>
/// <param name="gate">Shared by all channels of the secure session.</param>
/// <param name="effects">Carries out what this object decides.</param>
public sealed class AdmissionSession(AdmissionGate gate, IAdmissionEffects effects)
{
    private Phase _phase = Phase.Waiting;
    private bool _closed;
    private SpaceId _space;
    private SecretCheck _check;
    private SpaceAdmission? _joined;

    private enum Phase
    {
        /// <summary>Nothing was said yet.</summary>
        Waiting,

        /// <summary>Opener: open is sent.</summary>
        Opening,

        /// <summary>Opener: join is sent.</summary>
        Joining,

        /// <summary>Opener: welcome came, the secret is being stored.</summary>
        Storing,

        /// <summary>Answerer: the store decides on the newcomer.</summary>
        Admitting,

        /// <summary>Nothing more is said here by this object.</summary>
        Done,
    }

    /// <summary>Opens a space on this channel. Where it is open or being opened already, the answer is a refusal at once.</summary>
    /// <exception cref="InvalidOperationException">The channel is in use, or the gate does not know the space.</exception>
    public void Open(SpaceId space)
    {
        RequireWaiting();
        var entry = gate.Find(space)
            ?? throw new InvalidOperationException($"Space {space} was not added to the session: call AddSpace before Open.");
        if (!gate.TryClaim(space, this))
        {
            Refuse(AdmissionFailure.Duplicate, $"Space {space} is open in this session already.");
            return;
        }

        _phase = Phase.Opening;
        _space = space;
        effects.Send(new AdmissionMessage.Open(entry.OwnTag, entry.OwnProof));
    }

    /// <summary>Asks to be let in by a ticket, which stays the caller's.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="name">What this device is to be called; at most 256 bytes of UTF-8.</param>
    /// <exception cref="InvalidOperationException">The channel is in use.</exception>
    /// <exception cref="Crdt.Encoding.EncodingException">The name is too long.</exception>
    public void Join(Ticket ticket, string name)
    {
        RequireWaiting();
        Names.Check(name, "display name");
        _phase = Phase.Joining;
        _space = ticket.Space;
        _check = ticket.Check;
        effects.Send(new AdmissionMessage.Join(
            gate.OwnJoinTag(ticket.Space, ticket.Invitation.Key), name, ticket.Invitation.Sign(ticket.Space, gate.Self)));
    }

    /// <summary>Takes one message of the other side. After <see cref="IAdmissionEffects.Admitted"/> the channel is not ours.</summary>
    public void OnMessage(AdmissionMessage message)
    {
        if (_closed || gate.IsEnded)
        {
            Drop(message);
            return;
        }

        switch (_phase, message)
        {
            case (Phase.Waiting, AdmissionMessage.Open open):
                AnswerOpen(open);
                break;
            case (Phase.Waiting, AdmissionMessage.Join join):
                AnswerJoin(join);
                break;
            case (Phase.Opening, AdmissionMessage.Opened opened):
                CheckOpened(opened);
                break;
            case (Phase.Joining, AdmissionMessage.Welcome welcome):
                TakeSecret(welcome.Secret);
                break;
            case (Phase.Opening, AdmissionMessage.Duplicate):
                Refuse(AdmissionFailure.Duplicate, $"The peer has space {_space} open on another channel.");
                break;
            case (Phase.Opening or Phase.Joining, AdmissionMessage.Unknown):
                Refuse(AdmissionFailure.Unknown, $"The peer does not know space {_space} or its invitation.");
                break;
            case (Phase.Joining, AdmissionMessage.Expired):
                Refuse(AdmissionFailure.Expired, $"The peer holds the invitation to space {_space} to be expired.");
                break;
            case (Phase.Joining, AdmissionMessage.UsedUp):
                Refuse(AdmissionFailure.UsedUp, $"The peer holds the invitation to space {_space} to be used up.");
                break;
            case (Phase.Joining, AdmissionMessage.Cancelled):
                Refuse(AdmissionFailure.Cancelled, $"The peer knows that the invitation to space {_space} was cancelled.");
                break;
            default:
                Drop(message);
                End(AdmissionFailure.ProtocolFault, $"The message {message.GetType().Name} came while {_phase}.");
                break;
        }
    }

    /// <summary>Takes what became of the newcomer that <see cref="IAdmissionEffects.Admit"/> named.</summary>
    /// <exception cref="InvalidOperationException">Nothing was asked.</exception>
    public void OnAdmit(AdmitOutcome outcome)
    {
        if (_closed || gate.IsEnded)
        {
            // The newcomer left while the store worked. It is admitted, and gets its welcome when it asks again.
            return;
        }

        if (_phase != Phase.Admitting)
        {
            throw new InvalidOperationException("No admission was asked for on this channel.");
        }

        switch (outcome)
        {
            case AdmitOutcome.Admitted when gate.Find(_space) is { } entry:
                _phase = Phase.Done;
                effects.Send(new AdmissionMessage.Welcome(entry.Secret));
                break;
            case AdmitOutcome.Expired:
                Fail(new AdmissionMessage.Expired(), AdmissionFailure.Expired, $"An invitation to space {_space} is expired.");
                break;
            case AdmitOutcome.UsedUp:
                Fail(new AdmissionMessage.UsedUp(), AdmissionFailure.UsedUp, $"An invitation to space {_space} is used up.");
                break;
            case AdmitOutcome.Cancelled:
                Fail(new AdmissionMessage.Cancelled(), AdmissionFailure.Cancelled, $"An invitation to space {_space} is cancelled.");
                break;
            default:
                Fail(new AdmissionMessage.Unknown(), AdmissionFailure.Unknown, $"An invitation to space {_space} is not open here.");
                break;
        }
    }

    /// <summary>Takes that the secret of <see cref="IAdmissionEffects.StoreSecret"/> is durable, even if the channel closed since.</summary>
    /// <exception cref="InvalidOperationException">Nothing was to be stored.</exception>
    public void OnSecretStored()
    {
        var entry = _joined ?? throw new InvalidOperationException("No secret was to be stored on this channel.");
        _joined = null;
        if (gate.IsEnded)
        {
            entry.Dispose();
            return;
        }

        _phase = Phase.Done;
        gate.Add(entry);
        effects.Reopen(_space);
    }

    /// <summary>Takes that the secret of <see cref="IAdmissionEffects.StoreSecret"/> could not be stored; the ticket is still there.</summary>
    /// <exception cref="InvalidOperationException">Nothing was to be stored.</exception>
    public void OnSecretNotStored()
    {
        var entry = _joined ?? throw new InvalidOperationException("No secret was to be stored on this channel.");
        _joined = null;
        entry.Dispose();
        if (!_closed && !gate.IsEnded)
        {
            Refuse(AdmissionFailure.NotStored, $"The secret of space {_space} could not be stored here.");
        }
    }

    /// <summary>The channel is closed, by whichever side: what it had claimed is free again. To be called once for each channel.</summary>
    public void OnClosed()
    {
        _closed = true;
        gate.Release(_space, this);
    }

    private void AnswerOpen(AdmissionMessage.Open open)
    {
        if (gate.FindOpen(open.Tag, open.Proof) is not { } entry)
        {
            Fail(new AdmissionMessage.Unknown(), AdmissionFailure.Unknown, "The peer opened a space that is not known here.");
            return;
        }

        _phase = Phase.Done;
        _space = entry.Space;
        if (!gate.TryClaimForOther(_space, this))
        {
            effects.Send(new AdmissionMessage.Duplicate());
            effects.Refused(AdmissionFailure.Duplicate, $"The peer opened space {_space}, which is open on another channel.");
            return;
        }

        effects.Send(new AdmissionMessage.Opened(entry.OwnProof));
        effects.Admitted(_space);
    }

    private void AnswerJoin(AdmissionMessage.Join join)
    {
        if (gate.FindJoin(join.Tag, join.Signature) is not var (entry, invitation))
        {
            Fail(new AdmissionMessage.Unknown(), AdmissionFailure.Unknown, "The peer named an invitation that is not known here.");
            return;
        }

        _phase = Phase.Admitting;
        _space = entry.Space;
        var device = AuthorKey.FromBytes(gate.Other.ToArray());
        effects.Admit(_space, invitation, device, join.Name, join.Signature);
    }

    private void CheckOpened(AdmissionMessage.Opened opened)
    {
        if (gate.Find(_space) is not { } entry)
        {
            Refuse(AdmissionFailure.Unknown, $"Space {_space} was removed here while it was being opened.");
        }
        else if (!entry.OtherProof.FixedTimeEquals(opened.Proof))
        {
            End(AdmissionFailure.WrongProof, $"The peer claimed to be a member of space {_space} and did not prove it.");
        }
        else if (!gate.TryConfirm(_space, this))
        {
            End(AdmissionFailure.ProtocolFault, $"The peer let space {_space} be opened on two channels.");
        }
        else
        {
            _phase = Phase.Done;
            effects.Admitted(_space);
        }
    }

    private void TakeSecret(SpaceSecret secret)
    {
        if (!_check.FixedTimeEquals(secret.Check))
        {
            secret.Dispose();
            End(AdmissionFailure.WrongSecret, $"The peer sent a secret that is not the one of space {_space}.");
            return;
        }

        _phase = Phase.Storing;
        _joined = gate.Prepare(_space, secret);
        effects.StoreSecret(_space, secret);
    }

    private void Fail(AdmissionMessage answer, AdmissionFailure reason, string text)
    {
        if (gate.CountFailure())
        {
            End(AdmissionFailure.TooManyFailures,
                $"The peer failed to prove itself {AdmissionGate.FailedProofsMax} times in one session. The last: {text}");
            return;
        }

        _phase = Phase.Done;
        effects.Send(answer);
        effects.Refused(reason, text);
    }

    private void Refuse(AdmissionFailure reason, string text)
    {
        _phase = Phase.Done;
        gate.Release(_space, this);
        effects.Refused(reason, text);
    }

    private void End(AdmissionFailure reason, string text)
    {
        _phase = Phase.Done;
        gate.Dispose();
        effects.EndSession(reason, text);
    }

    private void RequireWaiting()
    {
        if (_phase != Phase.Waiting || _closed)
        {
            throw new InvalidOperationException("The channel is in use or closed: make one AdmissionSession for each channel.");
        }
    }

    private static void Drop(AdmissionMessage message)
    {
        if (message is AdmissionMessage.Welcome welcome)
        {
            welcome.Secret.Dispose();
        }
    }
}
