using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Membership;

public sealed class JoinTests
{
    [Fact]
    public void A_newcomer_is_admitted_stores_the_secret_and_only_then_opens_the_space()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        using var ticket = Members.Ticket();

        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(sponsor);
        sponsor.Session.OnAdmit(AdmitOutcome.Admitted);
        newcomer.Talk(sponsor);
        Assert.Equal(["store"], newcomer.Asked);
        newcomer.Session.OnSecretStored();
        newcomer.Session.OnClosed();
        sponsor.Session.OnClosed();
        var (second, secondAnswers) = (newcomer.NewChannel(), sponsor.NewChannel());
        second.Session.Open(Members.Space);
        second.Talk(secondAnswers);

        Assert.Equal(["store", "reopen"], newcomer.Asked);
        Assert.Equal(Members.Repeat(0x5e), newcomer.Stored);
        Assert.Equal(["admit"], sponsor.Asked);
        Assert.Equal(["admitted"], second.Asked);
        Assert.Equal(["admitted"], secondAnswers.Asked);
    }

    [Fact]
    public void A_newcomer_may_be_the_one_that_was_dialled()
    {
        var newcomer = new Side(NoiseRole.Responder);
        var sponsor = new Side(NoiseRole.Initiator).AsSponsor();
        using var ticket = Members.Ticket();

        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(sponsor);

        Assert.Equal(["admit"], sponsor.Asked);
    }

    [Fact]
    public void The_sponsor_hands_the_store_what_an_admit_needs()
    {
        var sponsor = Asked(out _);
        using var newcomer = Members.Initiator();
        using var invitation = Members.Invitation();

        var (space, key, device, name, signature) = Assert.NotNull(sponsor.Newcomer);

        Assert.Equal(Members.Space, space);
        Assert.Equal(invitation.Key, key);
        Assert.Equal(newcomer.PublicKey.ToArray(), device.ToArray());
        Assert.Equal("tablet", name);
        Assert.True(Invitation.Verify(space, key, newcomer.PublicKey, signature));
    }

    [Theory]
    [InlineData(AdmitOutcome.Expired, "refused Expired", MembershipException.TicketExpired)]
    [InlineData(AdmitOutcome.UsedUp, "refused UsedUp", MembershipException.TicketUsedUp)]
    [InlineData(AdmitOutcome.Unknown, "refused Unknown", MembershipException.TicketUnknown)]
    [InlineData(AdmitOutcome.Cancelled, "refused Cancelled", MembershipException.TicketCancelled)]
    public void The_holder_of_an_invitation_learns_why_it_was_refused(AdmitOutcome outcome, string asked, string code)
    {
        var sponsor = Asked(out var newcomer);

        sponsor.Session.OnAdmit(outcome);
        newcomer.Talk(sponsor);

        Assert.Equal([asked], newcomer.Asked);
        Assert.Equal(["admit", asked], sponsor.Asked);
        Assert.Equal(code, MembershipException.ForJoin(Enum.Parse<AdmissionFailure>(asked.Split(' ')[1]), isInviter: false)?.Code);
    }

    [Fact]
    public void Who_knows_the_public_half_alone_learns_nothing_and_reaches_no_store()
    {
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        var member = new Side(NoiseRole.Initiator);
        using var invitation = Members.Invitation();
        using var own = Members.OtherInvitation();
        using var device = Members.Initiator();

        var tag = member.Gate.OwnJoinTag(Members.Space, invitation.Key);
        sponsor.Session.OnMessage(new AdmissionMessage.Join(tag, "x", own.Sign(Members.Space, device.PublicKey)));

        Assert.Equal(["refused Unknown"], sponsor.Asked);
        _ = Assert.IsType<AdmissionMessage.Unknown>(sponsor.Next());
    }

    [Fact]
    public void S9_a_signature_for_another_device_space_or_label_admits_no_one()
    {
        using var invitation = Members.Invitation();
        using var pair = DeviceKeyPair.FromSeed(Members.Repeat(0x1e));
        using var device = Members.Initiator();
        using var stranger = Members.Responder();
        var text = AdmissionKeys.JoinText(Members.Space, invitation.Key, device.PublicKey);
        var relabelled = SigningLabels.Build(SigningLabels.Head, text.AsSpan(SigningLabels.Join.Length + 1));
        var altered = invitation.Sign(Members.Space, device.PublicKey).Bytes.ToArray();
        altered[^1] ^= 1;
        SignatureBytes[] forged =
        [
            invitation.Sign(Members.Space, stranger.PublicKey),
            invitation.Sign(Members.OtherSpace, device.PublicKey),
            new(pair.Sign(relabelled)),
            new(pair.Sign(text.AsSpan(1))),
            new(altered),
            new(new byte[SignatureBytes.Size]),
            default,
        ];

        Assert.All(forged, signature =>
        {
            var sponsor = new Side(NoiseRole.Responder).AsSponsor();
            var tag = new Side(NoiseRole.Initiator).Gate.OwnJoinTag(Members.Space, invitation.Key);
            sponsor.Session.OnMessage(new AdmissionMessage.Join(tag, "x", signature));
            Assert.Equal(["refused Unknown"], sponsor.Asked);
        });
    }

    [Theory]
    [InlineData(NoiseRole.Initiator, 0x49)]
    [InlineData(NoiseRole.Responder, 0x48)]
    public void S4_a_join_of_another_session_or_role_is_unknown(NoiseRole role, byte hash)
    {
        var recorded = new Side(role, Members.Repeat(hash));
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        using var ticket = Members.Ticket();

        recorded.Session.Join(ticket, "tablet");
        sponsor.Session.OnMessage(recorded.Next());

        Assert.Equal(["refused Unknown"], sponsor.Asked);
    }

    [Fact]
    public void A_ticket_of_another_space_is_unknown()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        using var secret = Members.Secret();
        using var inviter = Members.Responder();
        using var ticket = Ticket.Create(Members.OtherSpace, secret, Members.Invitation(), inviter.PublicKey, []);

        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(sponsor);

        Assert.Equal(["refused Unknown"], newcomer.Asked);
        Assert.Equal(["refused Unknown"], sponsor.Asked);
    }

    [Fact]
    public void A_member_that_may_not_sponsor_answers_unknown()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        var reader = new Side(NoiseRole.Responder).WithSpace();
        using var ticket = Members.Ticket();

        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(reader);

        Assert.Equal(["refused Unknown"], newcomer.Asked);
    }

    [Fact]
    public void A_secret_that_the_ticket_does_not_announce_ends_the_session_and_is_not_stored()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        using var ticket = Members.Ticket();
        using var wrong = Members.OtherSecret();

        newcomer.Session.Join(ticket, "tablet");
        newcomer.Session.OnMessage(new AdmissionMessage.Welcome(wrong));

        Assert.Equal(["end WrongSecret"], newcomer.Asked);
        Assert.Throws<ObjectDisposedException>(() => wrong.Bytes.Length);
    }

    [Fact]
    public void Sixteen_failed_joins_end_the_session_too()
    {
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        var channels = Enumerable.Range(0, AdmissionGate.FailedProofsMax).Select(_ => sponsor.NewChannel()).ToArray();

        foreach (var channel in channels)
        {
            channel.Session.OnMessage(new AdmissionMessage.Join(default, "x", new(new byte[SignatureBytes.Size])));
        }

        Assert.Equal(["end TooManyFailures"], channels[^1].Asked);
    }

    [Fact]
    public void An_invitation_made_during_the_session_counts()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        var sponsor = new Side(NoiseRole.Responder).WithSpace();
        using var ticket = Members.Ticket();
        var early = sponsor.NewChannel();
        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(early);

        sponsor.Gate.SetInvitations(Members.Space, [ticket.Invitation.Key]);
        var again = newcomer.NewChannel();
        again.Session.Join(ticket, "tablet");
        again.Talk(sponsor);

        Assert.Equal(["refused Unknown"], newcomer.Asked);
        Assert.Equal(["admit"], sponsor.Asked);
    }

    [Fact]
    public void An_outcome_that_comes_after_the_newcomer_left_is_dropped()
    {
        var sponsor = Asked(out _);

        sponsor.Session.OnClosed();
        sponsor.Session.OnAdmit(AdmitOutcome.Admitted);

        Assert.Empty(sponsor.Sent);
    }

    [Fact]
    public void A_secret_that_became_durable_after_the_channel_closed_still_opens_the_space()
    {
        var sponsor = Asked(out var newcomer);
        sponsor.Session.OnAdmit(AdmitOutcome.Admitted);
        newcomer.Talk(sponsor);

        newcomer.Session.OnClosed();
        newcomer.Session.OnSecretStored();

        Assert.Equal(["store", "reopen"], newcomer.Asked);
    }

    [Fact]
    public void A_secret_that_could_not_be_stored_opens_nothing()
    {
        var sponsor = Asked(out var newcomer);
        sponsor.Session.OnAdmit(AdmitOutcome.Admitted);
        newcomer.Talk(sponsor);

        newcomer.Session.OnSecretNotStored();

        Assert.Equal(["store", "refused NotStored"], newcomer.Asked);
        Assert.Throws<InvalidOperationException>(() => newcomer.NewChannel().Session.Open(Members.Space));
    }

    [Fact]
    public void A_message_while_the_store_decides_ends_the_session()
    {
        var sponsor = Asked(out _);

        sponsor.Session.OnMessage(new AdmissionMessage.Open(default, default));
        sponsor.Session.OnAdmit(AdmitOutcome.Admitted);

        Assert.Equal(["admit", "end ProtocolFault"], sponsor.Asked);
        Assert.Empty(sponsor.Sent);
    }

    /// <summary>A sponsor whose store was asked about the newcomer.</summary>
    private static Side Asked(out Side newcomer)
    {
        newcomer = new Side(NoiseRole.Initiator);
        var sponsor = new Side(NoiseRole.Responder).AsSponsor();
        using var ticket = Members.Ticket();
        newcomer.Session.Join(ticket, "tablet");
        newcomer.Talk(sponsor);
        return sponsor;
    }
}
