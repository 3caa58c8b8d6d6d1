using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Transport;
using Replica.Transport.Crypto;

namespace Replica.Peer.Membership;

/// <summary>What a newcomer is given: an invitation, whom to ask, and how to recognise the space. Zeroed when disposed.</summary>
/// <remarks>
/// It never holds the space secret, but who holds it can join as often as the invitation allows: it is passed on like a
/// password. Its text is <c>replica1</c> and Base32 of body ‖ checksum (docs/protocol-admission.md).
/// </remarks>
public sealed class Ticket : IDisposable
{
    /// <summary>The most addresses that a ticket holds.</summary>
    public const int HintsMax = 8;

    /// <summary>The longest text of a ticket, in characters without blanks.</summary>
    public const int TextCharsMax = 4096;

    private const string Word = "replica";
    private const string Prefix = "replica1";
    private const int ChecksumBytes = 4;
    private const int Fields = 5;

    // Mail and chat programs wrap long words; a text with more blanks than ticket is none.
    private const int BlankCharsMax = TextCharsMax;

    private Ticket(SpaceId space, Invitation invitation, DeviceKey inviter, SecretCheck check, IReadOnlyList<string> hints)
    {
        Space = space;
        Invitation = invitation;
        Inviter = inviter;
        Check = check;
        Hints = hints;
    }

    /// <summary>The space that it leads to.</summary>
    public SpaceId Space { get; }

    /// <summary>The invitation, with its private half; it belongs to the ticket and ends with it.</summary>
    public Invitation Invitation { get; }

    /// <summary>The device that wrote the ticket: the first one to look for.</summary>
    public DeviceKey Inviter { get; }

    /// <summary>By this the holder recognises the space secret when a sponsor hands it over.</summary>
    public SecretCheck Check { get; }

    /// <summary>Addresses to try, best first, as written: a newer member may know transports that this program does not.</summary>
    public IReadOnlyList<string> Hints { get; }

    /// <summary>Writes a ticket.</summary>
    /// <param name="space">The space that it leads to.</param>
    /// <param name="secret">Its secret, of which the ticket keeps a check alone.</param>
    /// <param name="invitation">The invitation; it belongs to the ticket from here on.</param>
    /// <param name="inviter">The device that invites.</param>
    /// <param name="hints">At most <see cref="HintsMax"/> addresses, each as <see cref="PeerAddress"/> writes it.</param>
    /// <exception cref="ArgumentException">There are too many hints, or one is empty, too long or not plain ASCII.</exception>
    public static Ticket Create(
        SpaceId space, SpaceSecret secret, Invitation invitation, DeviceKey inviter, IReadOnlyList<string> hints)
    {
        if (hints.Count > HintsMax)
        {
            throw new ArgumentException($"A ticket holds at most {HintsMax} addresses; {hints.Count} were given.", nameof(hints));
        }

        if (hints.FirstOrDefault(hint => !IsHint(hint)) is { } bad)
        {
            throw new ArgumentException(
                $"The address '{bad}' can't stand in a ticket: 1 to {PeerAddress.TextCharsMax} ASCII characters without blanks "
                + "are allowed.", nameof(hints));
        }

        return new Ticket(space, invitation, inviter, secret.Check, [.. hints]);
    }

    /// <summary>Reads the text of a ticket, in either case, with blanks and line breaks anywhere.</summary>
    /// <exception cref="MembershipException">
    /// It is none (<see cref="MembershipException.TicketForeign"/>), is damaged
    /// (<see cref="MembershipException.TicketDamaged"/>), or newer (<see cref="MembershipException.TicketNewer"/>).
    /// </exception>
    public static Ticket Parse(string text)
    {
        var plain = WithoutBlanks(text);
        if (!plain.StartsWith(Word, StringComparison.OrdinalIgnoreCase) || plain.Length == Word.Length
            || !char.IsAsciiDigit(plain[Word.Length]) || plain[Word.Length] == '0')
        {
            throw Foreign();
        }

        if (plain[Word.Length] != Prefix[^1])
        {
            throw new MembershipException(MembershipException.TicketNewer,
                $"The ticket has version {plain[Word.Length]}, and this program reads version 1: install a newer Replica here, "
                + "or check the ticket's first eight characters.");
        }

        var bytes = Base32.TryDecode(plain.AsSpan(Prefix.Length)) ?? throw Damaged();
        try
        {
            return ReadChecked(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The text to pass on: a secret. Show it once, to the one who asked for it, and log it never.</summary>
    /// <exception cref="ObjectDisposedException">The ticket was disposed.</exception>
    public string ToText()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Span<byte> seed = stackalloc byte[DeviceKeyPair.SeedSizeBytes];
        Invitation.ExportSeed(seed);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Fields);
        writer.Write(Space.ToArray());
        writer.Write(seed);
        writer.Write(Inviter.ToArray());
        writer.Write(Check.Value);
        writer.WriteArrayHeader(Hints.Count);
        foreach (var hint in Hints)
        {
            writer.Write(hint);
        }

        writer.WriteRaw(Checksum(buffer.WrittenSpan));
        var text = Prefix + Base32.Encode(buffer.WrittenSpan);
        CryptographicOperations.ZeroMemory(seed);
        buffer.Clear();
        return text;
    }

    /// <summary>Which space and invitation it is for; nothing that lets anyone in.</summary>
    public override string ToString() => $"ticket for space {Space} by invitation {Invitation} (private half hidden)";

    /// <inheritdoc/>
    public void Dispose() => Invitation.Dispose();

    private static Ticket ReadChecked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ChecksumBytes || !Checksum(bytes[..^ChecksumBytes]).AsSpan().SequenceEqual(bytes[^ChecksumBytes..]))
        {
            throw Damaged();
        }

        try
        {
            return Read(bytes[..^ChecksumBytes]);
        }
        catch (EncodingException exception)
        {
            throw Damaged(exception);
        }
    }

    private static Ticket Read(ReadOnlySpan<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeaderExactly(Fields);
        var space = SpaceId.FromBytes(reader.ReadBinaryExactly(Bytes32.Size));
        var seed = reader.ReadBinaryExactly(DeviceKeyPair.SeedSizeBytes);
        var inviter = DeviceKey.FromBytes(reader.ReadBinaryExactly(DeviceKey.SizeBytes));
        var check = SecretCheck.FromBytes(reader.ReadBinaryExactly(SecretCheck.Size));
        var hints = new string[reader.ReadArrayHeader(HintsMax)];
        for (var i = 0; i < hints.Length; i++)
        {
            hints[i] = reader.ReadString(PeerAddress.TextCharsMax);
            if (!IsHint(hints[i]))
            {
                throw reader.Error("an address is empty or not plain ASCII");
            }
        }

        reader.ReadEnd();
        return new Ticket(space, Invitation.FromSeed(seed), inviter, check, hints);
    }

    private static bool IsHint(string hint) =>
        hint.Length is > 0 and <= PeerAddress.TextCharsMax && hint.All(character => character is > ' ' and <= '~');

    // The prefix is part of what is summed, so a changed version is a damage too.
    private static byte[] Checksum(ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Prefix));
        hash.AppendData(body);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }

    private static string WithoutBlanks(string text) => text.Length <= TextCharsMax + BlankCharsMax
        && string.Concat(text.Where(character => !char.IsWhiteSpace(character))) is { Length: <= TextCharsMax } plain
        ? plain
        : throw Foreign();

    private static MembershipException Foreign() => new(MembershipException.TicketForeign,
        $"The text is no ticket of Replica: a ticket begins with {Prefix} and has at most {TextCharsMax} characters. "
        + "Copy the whole line that the invitation printed.");

    private static MembershipException Damaged(Exception? cause = null) => new(MembershipException.TicketDamaged,
        "The ticket is damaged: a character is missing, added or changed. Copy it again as a whole, or ask for a new one.", cause);
}
