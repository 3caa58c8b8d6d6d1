using Replica.Peer.Membership;
using Replica.Tests.Properties.Golden;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Membership;

public sealed class TicketTests
{
    private const string Hint = "tcp://192.0.2.1:7000";

    [Fact]
    public void A_ticket_has_the_text_on_record()
    {
        using var ticket = Members.Ticket(Hint, "tcp://[2001:db8::1]:7000");

        GoldenFile.VerifyText("ticket.txt", ticket.ToText() + "\n");
    }

    [Fact]
    public void A_ticket_is_read_back_whole()
    {
        using var written = Members.Ticket(Hint, "relay+wss://relay.example/#ab");
        using var secret = Members.Secret();

        using var read = Ticket.Parse(written.ToText());

        Assert.Equal(written.Space, read.Space);
        Assert.Equal(written.Invitation.Key, read.Invitation.Key);
        Assert.Equal(written.Inviter, read.Inviter);
        Assert.Equal(secret.Check, read.Check);
        Assert.Equal(written.Hints, read.Hints);
        Assert.Equal(written.ToText(), read.ToText());
    }

    [Fact]
    public void Blanks_line_breaks_and_capitals_do_no_harm()
    {
        using var written = Members.Ticket(Hint);
        var wrapped = "  " + string.Join("\r\n", written.ToText().ToUpperInvariant().Chunk(40).Select(chunk => new string(chunk))) + "\n";

        using var read = Ticket.Parse(wrapped);

        Assert.Equal(written.ToText(), read.ToText());
    }

    [Fact]
    public void A_ticket_changed_at_any_character_is_refused()
    {
        using var ticket = Members.Ticket(Hint);
        var text = ticket.ToText();

        for (var i = 0; i < text.Length; i++)
        {
            foreach (var character in "aqz27-1 é")
            {
                var changed = string.Concat(text.AsSpan(0, i), [character], text.AsSpan(i + 1));
                var code = changed == text ? null : CodeOf(changed);

                Assert.True(changed == text || (i < 8 ? code is not null : code == MembershipException.TicketDamaged),
                    $"Character {i} changed to '{character}': {code}");
            }
        }
    }

    [Fact]
    public void A_ticket_cut_or_grown_at_any_character_is_refused()
    {
        using var ticket = Members.Ticket(Hint);
        var text = ticket.ToText();

        for (var i = 0; i < text.Length; i++)
        {
            Assert.NotNull(CodeOf(text[..i]));
            Assert.NotNull(CodeOf(text.Remove(i, 1)));
            Assert.NotNull(CodeOf(text.Insert(i, "k")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("replica")]
    [InlineData("replica0abc")]
    [InlineData("replicax")]
    [InlineData("https://example.org/replica1abc")]
    public void What_is_no_ticket_is_called_so(string text) => Assert.Equal(MembershipException.TicketForeign, CodeOf(text));

    [Fact]
    public void D2_a_text_of_any_length_is_judged_quickly() =>
        Assert.Equal(MembershipException.TicketForeign, CodeOf("replica1" + new string('a', 10_000_000)));

    [Fact]
    public void A_ticket_of_a_later_version_asks_for_a_newer_program()
    {
        using var ticket = Members.Ticket(Hint);

        Assert.Equal(MembershipException.TicketNewer, CodeOf("replica2" + ticket.ToText()[8..]));
    }

    [Fact]
    public void The_largest_ticket_fits_its_limit()
    {
        var hints = Enumerable.Range(0, Ticket.HintsMax).Select(_ => new string('x', PeerAddress.TextCharsMax)).ToArray();
        using var ticket = Members.Ticket(hints);

        var text = ticket.ToText();
        using var read = Ticket.Parse(text);

        Assert.InRange(text.Length, 1, Ticket.TextCharsMax);
        Assert.Equal(hints, read.Hints);
    }

    [Fact]
    public void Too_many_or_bad_hints_are_the_callers_fault()
    {
        Assert.Throws<ArgumentException>(() => Members.Ticket([.. Enumerable.Repeat(Hint, Ticket.HintsMax + 1)]));
        Assert.Throws<ArgumentException>(() => Members.Ticket(""));
        Assert.Throws<ArgumentException>(() => Members.Ticket("tcp://a b:1"));
        Assert.Throws<ArgumentException>(() => Members.Ticket("tcp://\u001b[31m:1"));
        Assert.Throws<ArgumentException>(() => Members.Ticket(new string('x', PeerAddress.TextCharsMax + 1)));
    }

    [Fact]
    public void I4_an_error_about_a_ticket_does_not_show_it()
    {
        using var ticket = Members.Ticket(Hint);
        var text = ticket.ToText();

        var error = Assert.Throws<MembershipException>(() => Ticket.Parse(text[..^1]));

        Assert.DoesNotContain(text[8..24], error.ToString());
    }

    private static string? CodeOf(string text)
    {
        try
        {
            using var ticket = Ticket.Parse(text);
            return null;
        }
        catch (MembershipException exception)
        {
            return exception.Code;
        }
    }
}
