using System.Buffers;
using Microsoft.Extensions.Logging;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>One channel of a session: first admission, then the sync of one space. Everything happens under the session's lock.</summary>
internal sealed class SpaceChannel : IAdmissionEffects
{
    private readonly PeerSession _session;
    private readonly int _channel;
    private readonly ILogger _log;
    private readonly AdmissionGate _gate;
    private readonly AdmissionSession _admission;
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private NetSpace? _space;
    private SyncChannel? _sync;
    private bool _isClosed;

    public SpaceChannel(PeerSession session, int channel, AdmissionGate gate, ILogger log)
    {
        _session = session;
        _channel = channel;
        _gate = gate;
        _log = log;
        _admission = new(gate, this);
    }

    /// <summary>Opens a space of which the secret is known.</summary>
    public void Open(NetSpace space)
    {
        _space = space;
        _admission.Open(space.Id);
    }

    /// <summary>Asks to be let into a space with a ticket.</summary>
    public void Join(NetSpace space, PendingJoin pending)
    {
        _space = space;
        _admission.Join(pending.Ticket, pending.DisplayName);
    }

    /// <summary>Takes one message.</summary>
    public void OnMessage(ReadOnlyMemory<byte> body)
    {
        if (_isClosed)
        {
            return;
        }

        if (_sync is { } sync)
        {
            sync.OnMessage(body);
            return;
        }

        var message = AdmissionMessageCodec.Read(body.Span);
        _session.Channels.Consumed(_channel, body.Length);
        if (message is AdmissionMessage.Join)
        {
            // Which invitations are open is the ledger's to say, as of now.
            _session.Tasks.Add(_session.Guard.WatchAsync(RefreshThenAnswerAsync(message)));
        }
        else
        {
            _admission.OnMessage(message);
        }
    }

    /// <summary>The space as it is between the two; nothing before it is open.</summary>
    public PeerSpaceStatus? GetStatus() => _sync?.GetStatus();

    /// <summary>The channel is over.</summary>
    public void OnClosed()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _admission.OnClosed();
        _sync?.OnClosed();
    }

    void IAdmissionEffects.Send(AdmissionMessage message)
    {
        _encoded.ResetWrittenCount();
        AdmissionMessageCodec.Write(_encoded, message);
        _session.Channels.Send(_channel, _encoded.WrittenSpan);
        _encoded.Clear();
    }

    void IAdmissionEffects.Admit(SpaceId space, AuthorKey invitation, AuthorKey device, string name, SignatureBytes signature) =>
        _session.Tasks.Add(_session.Guard.WatchAsync(AdmitAsync(space, new(invitation, device, default, name, signature))));

    void IAdmissionEffects.StoreSecret(SpaceId space, SpaceSecret secret)
    {
        using (secret)
        {
            try
            {
                _space!.TakeSecret(secret);
            }
            catch (MembershipException fault)
            {
                PeerLog.NotOpened(_log, _session.Address, fault.Message);
                _admission.OnSecretNotStored();
                return;
            }
        }

        PeerLog.Joined(_log, _space.Name);
        _admission.OnSecretStored();
    }

    void IAdmissionEffects.Reopen(SpaceId space)
    {
        Close();
        _session.Open(_space!);
    }

    void IAdmissionEffects.Admitted(SpaceId space)
    {
        _space ??= _session.Spaces.First(known => known.Id == space);
        _session.OnAdmitted(_space);
        _sync = new(_session, _channel, _space, _log);
        _sync.Start();
    }

    void IAdmissionEffects.Refused(AdmissionFailure reason, string text)
    {
        if (reason != AdmissionFailure.Duplicate)
        {
            PeerLog.NotOpened(_log, _session.Address, text);
        }
        else if (_space is { Secret: not null } yielded)
        {
            _session.Keeper.OpenLater(yielded);
        }

        if (_space is { Pending: { } pending } space
            && MembershipException.ForJoin(reason, _session.Device == pending.Ticket.Inviter) is { } news)
        {
            space.JoinFailure = $"{news.Message} ({news.Code})";
        }

        Close();
    }

    void IAdmissionEffects.EndSession(AdmissionFailure reason, string text) => _session.End(GoAwayReason.Fault, text);

    private void Close()
    {
        if (!_isClosed)
        {
            _session.Channels.Close(_channel);
            OnClosed();
        }
    }

    private async Task RefreshThenAnswerAsync(AdmissionMessage message)
    {
        try
        {
            foreach (var space in _session.Spaces.Where(static space => space.Secret is not null))
            {
                var open = await Sponsor.OpenInvitationsAsync(space.Store, _session.Ended);
                lock (_session.Gate)
                {
                    if (!_isClosed)
                    {
                        _gate.SetInvitations(space.Id, open);
                    }
                }
            }

            lock (_session.Gate)
            {
                if (!_isClosed)
                {
                    _admission.OnMessage(message);
                }
            }

            _session.SignalOutgoing();
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
        catch (StoreException fault)
        {
            _session.End(GoAwayReason.Stopping, fault.Message);
        }
    }

    private async Task AdmitAsync(SpaceId id, Operation.Admit admit)
    {
        try
        {
            var space = _session.Spaces.First(known => known.Id == id);
            var outcome = await Sponsor.AdmitAsync(space.Store, admit, _session.Time, _session.Ended);
            if (outcome == AdmitOutcome.Admitted)
            {
                PeerLog.LetIn(_log, admit.Device.ToString(), space.Name);
            }
            else if (Sponsor.IsFull(space.Store))
            {
                PeerLog.SpaceFull(_log, admit.Device.ToString(), space.Name, ChangeLimits.LogsMax, TooManyLogsException.Code);
            }

            lock (_session.Gate)
            {
                if (!_isClosed)
                {
                    // Who does not know the word is told what it knows.
                    var isTold = outcome != AdmitOutcome.Cancelled || (_session.Features & SyncFeatures.Cancelled) != 0;
                    _admission.OnAdmit(isTold ? outcome : AdmitOutcome.Unknown);
                }
            }

            _session.SignalOutgoing();
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
        catch (StoreException fault)
        {
            _session.End(GoAwayReason.Stopping, fault.Message);
        }
    }
}
