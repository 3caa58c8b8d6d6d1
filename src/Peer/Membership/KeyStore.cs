using System.Buffers;
using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Transport.Crypto;

namespace Replica.Peer.Membership;

/// <summary>The folder of a home that holds what must never leave it: the device key, space secrets, pending tickets.</summary>
/// <remarks>
/// <code>
/// keys/device.key       seed (32)                                              0600
/// keys/NAME.secret      space id (32) ‖ space secret (32)                      0600
/// keys/NAME.ticket      MessagePack [ticket text, display name]                0600, deleted when NAME.secret is durable
/// </code>
/// Each file is written beside its name, flushed and renamed. One that group or others have any right on is refused. To be
/// used under the home's lock, by one caller at a time. Every method may throw <see cref="MembershipException"/> with
/// <see cref="MembershipException.KeyExposed"/>, <see cref="MembershipException.KeyDamaged"/> or
/// <see cref="MembershipException.KeyUnavailable"/>.
/// </remarks>
public sealed class KeyStore
{
    /// <summary>The name of the folder in a home.</summary>
    public const string FolderName = "keys";

    /// <summary>The longest name of a space on this device, in characters.</summary>
    public const int SpaceNameCharsMax = 64;

    private const string DeviceFile = "device.key";
    private const string SecretSuffix = ".secret";
    private const string TicketSuffix = ".ticket";

    private KeyStore(string folder) => Folder = folder;

    /// <summary>The folder, as an absolute path.</summary>
    public string Folder { get; }

    /// <summary>Whether the home has a device key; without one, spaces that are there can be read and no more.</summary>
    public bool HasDevice => File.Exists(PathOf(DeviceFile));

    /// <summary>The names under which this device is a member of spaces, in ordinal order.</summary>
    public IReadOnlyList<string> SpaceNames => NamesWith(SecretSuffix);

    /// <summary>The names under which a ticket waits, in ordinal order.</summary>
    public IReadOnlyList<string> PendingNames => [.. NamesWith(TicketSuffix).Except(SpaceNames, StringComparer.Ordinal)];

    /// <summary>Opens the key folder of a home and makes it where it is not there.</summary>
    /// <exception cref="MembershipException">Others may enter the folder, or it can't be made.</exception>
    public static KeyStore Open(string homeDirectory)
    {
        var folder = Path.GetFullPath(Path.Combine(homeDirectory, FolderName));
        KeyFile.PrepareFolder(folder);
        return new KeyStore(folder);
    }

    /// <summary>Reads the device key, or makes one and stores it durably. The caller disposes it.</summary>
    public DeviceKeyPair LoadOrCreateDevice()
    {
        var path = PathOf(DeviceFile);
        if (KeyFile.TryRead(path, seed => seed.Length == DeviceKeyPair.SeedSizeBytes
            ? DeviceKeyPair.FromSeed(seed)
            : throw Damaged(path, $"{seed.Length} bytes are there, {DeviceKeyPair.SeedSizeBytes} are due")) is { } found)
        {
            return found;
        }

        var made = DeviceKeyPair.Create();
        try
        {
            TakeDevice(made);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Stores the device key of a backup in a folder that has none.</summary>
    internal void TakeDevice(DeviceKeyPair device) => WriteDevice(device, replace: false);

    private void WriteDevice(DeviceKeyPair device, bool replace)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(DeviceKeyPair.SeedSizeBytes, pinned: true);
        try
        {
            device.ExportSeed(bytes);
            KeyFile.Write(PathOf(DeviceFile), bytes, replace);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Puts a new device key in place of the one there, and keeps that one and all secrets and tickets aside.</summary>
    /// <param name="aside">The name of the folder within this one that keeps them.</param>
    /// <returns>That folder.</returns>
    /// <remarks>At a crash the old key or the new one is there; the old ones are kept before anything is changed.</remarks>
    internal string RenewDevice(string aside)
    {
        var folder = PathOf(aside);
        KeyFile.PrepareFolder(folder);
        string[] joined = [.. SpaceNames.Select(static name => name + SecretSuffix), .. NamesWith(TicketSuffix).Select(static name => name + TicketSuffix)];
        foreach (var name in joined.Prepend(DeviceFile))
        {
            Copy(PathOf(name), Path.Combine(folder, name));
        }

        using (var made = DeviceKeyPair.Create())
        {
            WriteDevice(made, replace: true);
        }

        foreach (var name in joined)
        {
            KeyFile.Delete(PathOf(name));
        }

        return folder;
    }

    private static void Copy(string from, string to)
    {
        if (KeyFile.TryRead(from) is { } bytes)
        {
            KeyFile.Write(to, bytes, replace: false);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Stores a space's secret durably, then deletes the ticket that led to it.</summary>
    /// <exception cref="MembershipException">Another space has this name (<see cref="MembershipException.SpaceExists"/>).</exception>
    /// <exception cref="ArgumentException">The name can't be a file's.</exception>
    public void StoreSecret(string spaceName, SpaceId space, SpaceSecret secret)
    {
        var path = PathOf(Checked(spaceName) + SecretSuffix);
        using (var kept = TryLoadSecret(spaceName))
        {
            if (kept is not null && (kept.Space != space || !kept.Secret.FixedTimeEquals(secret)))
            {
                throw new MembershipException(MembershipException.SpaceExists,
                    $"The key folder holds the secret of space {kept.Space} under the name '{spaceName}', and that of space "
                    + $"{space} was to be stored: choose another name for it.");
            }
        }

        var bytes = GC.AllocateUninitializedArray<byte>(Bytes32.Size + SpaceSecret.Size, pinned: true);
        try
        {
            space.Value.CopyTo(bytes);
            secret.Bytes.CopyTo(bytes.AsSpan(Bytes32.Size));
            KeyFile.Write(path, bytes, replace: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }

        DeleteTicket(spaceName);
    }

    /// <summary>Reads the secret of a space.</summary>
    /// <returns>Null when this device is no member of a space of that name; otherwise the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The name can't be a file's.</exception>
    public StoredSecret? TryLoadSecret(string spaceName)
    {
        var path = PathOf(Checked(spaceName) + SecretSuffix);
        return KeyFile.TryRead(path, bytes => bytes.Length == Bytes32.Size + SpaceSecret.Size
            ? new StoredSecret(
                SpaceId.FromBytes(bytes.AsSpan(0, Bytes32.Size)), SpaceSecret.FromBytes(bytes.AsSpan(Bytes32.Size)))
            : throw Damaged(path, $"{bytes.Length} bytes are there, {Bytes32.Size + SpaceSecret.Size} are due"));
    }

    /// <summary>Keeps a ticket until a member is reached; a ticket of the same name is replaced.</summary>
    /// <exception cref="MembershipException">A space has this name (<see cref="MembershipException.SpaceExists"/>).</exception>
    /// <exception cref="ArgumentException">The name can't be a file's.</exception>
    /// <exception cref="EncodingException">The display name is too long or no valid text.</exception>
    public void StoreTicket(string spaceName, PendingJoin join)
    {
        Names.Check(join.DisplayName, "display name");
        var path = PathOf(Checked(spaceName) + TicketSuffix);
        if (File.Exists(PathOf(spaceName + SecretSuffix)))
        {
            throw new MembershipException(MembershipException.SpaceExists,
                $"This device is a member of a space named '{spaceName}' already: choose another name for the one to join.");
        }

        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        writer.Write(join.Ticket.ToText());
        writer.Write(join.DisplayName);
        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        try
        {
            KeyFile.Write(path, bytes, replace: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Reads a ticket that waits. One whose secret came just before a crash is deleted and not returned.</summary>
    /// <returns>Null when none waits; otherwise the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The name can't be a file's.</exception>
    public PendingJoin? TryLoadTicket(string spaceName)
    {
        var path = PathOf(Checked(spaceName) + TicketSuffix);
        if (File.Exists(PathOf(spaceName + SecretSuffix)))
        {
            DeleteTicket(spaceName);
            return null;
        }

        return KeyFile.TryRead(path, bytes =>
        {
            try
            {
                var reader = new MessagePackReader(bytes);
                reader.ReadArrayHeaderExactly(2);
                var text = reader.ReadString(Ticket.TextCharsMax);
                var name = reader.ReadString(ValueLimits.NameBytesMax);
                reader.ReadEnd();
                return new PendingJoin(Ticket.Parse(text), name);
            }
            catch (Exception exception) when (exception is EncodingException or MembershipException)
            {
                throw Damaged(path, exception.Message);
            }
        });
    }

    /// <summary>Forgets a ticket, if one waits.</summary>
    /// <exception cref="ArgumentException">The name can't be a file's.</exception>
    public void DeleteTicket(string spaceName)
    {
        var path = PathOf(Checked(spaceName) + TicketSuffix);
        if (File.Exists(path))
        {
            KeyFile.Delete(path);
        }
    }

    private static string Checked(string spaceName) => IsName(spaceName)
        ? spaceName
        : throw new ArgumentException(
            $"A space is named here by 1 to {SpaceNameCharsMax} ASCII letters, digits, '-', '_' and '.', the first a letter or "
            + "digit.", nameof(spaceName));

    private static bool IsName(string name) => name.Length is > 0 and <= SpaceNameCharsMax
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private static MembershipException Damaged(string path, string what) => new(MembershipException.KeyDamaged,
        $"The key file {path} is damaged: {what}. Put it back from a backup; without one this device needs a new ticket.");

    private string PathOf(string file) => Path.Combine(Folder, file);

    private string[] NamesWith(string suffix) =>
        [.. KeyFile.Names(Folder, suffix).Where(IsName).Order(StringComparer.Ordinal)];
}
