using Replica.Crdt.Encoding;
using Replica.Peer.Membership;
using Xunit;

namespace Replica.Tests.Properties.Membership;

public sealed class KeyStoreTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _home = Directory.CreateTempSubdirectory("replica-keys-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_device_key_is_made_once_and_found_again()
    {
        using var made = KeyStore.Open(_home).LoadOrCreateDevice();
        using var found = KeyStore.Open(_home).LoadOrCreateDevice();

        Assert.Equal(made.PublicKey, found.PublicKey);
        Assert.True(KeyStore.Open(_home).HasDevice);
    }

    [Fact]
    public void I5_keys_are_the_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var store = Filled();

        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, ModeOf(store.Folder));
        Assert.Equal(["device.key", "notes.secret", "plans.ticket"], Directory.GetFiles(store.Folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(store.Folder), path => Assert.Equal(OwnerFile, ModeOf(path)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void I5_a_key_file_that_others_have_rights_on_is_refused_with_the_remedy(UnixFileMode right)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var store = Filled();
        foreach (var path in Directory.GetFiles(store.Folder))
        {
            File.SetUnixFileMode(path, OwnerFile | right);
        }

        Action[] readings =
            [() => store.LoadOrCreateDevice(), () => store.TryLoadSecret("notes"), () => store.TryLoadTicket("plans")];

        Assert.All(readings, reading =>
        {
            var error = Assert.Throws<MembershipException>(reading);
            Assert.Equal("REPLICA_KEY_EXPOSED", error.Code);
            Assert.Contains("chmod 600", error.Message);
        });
    }

    [Fact]
    public void I5_a_key_folder_that_others_may_enter_is_refused_with_the_remedy()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var store = Filled();
        File.SetUnixFileMode(store.Folder, OwnerFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);

        var error = Assert.Throws<MembershipException>(() => KeyStore.Open(_home));

        Assert.Equal("REPLICA_KEY_EXPOSED", error.Code);
        Assert.Contains("chmod 700", error.Message);
    }

    [Fact]
    public void A_secret_is_found_under_its_name_and_its_ticket_is_gone()
    {
        var store = Filled();
        using var secret = Members.Secret();

        store.StoreSecret("plans", Members.Space, secret);
        using var found = store.TryLoadSecret("plans");

        Assert.NotNull(found);
        Assert.Equal(Members.Space, found.Space);
        Assert.True(secret.FixedTimeEquals(found.Secret));
        Assert.False(File.Exists(Path.Combine(store.Folder, "plans.ticket")));
        Assert.Equal(["notes", "plans"], store.SpaceNames);
        Assert.Empty(store.PendingNames);
    }

    [Fact]
    public void A_ticket_waits_with_the_name_that_was_wished_for()
    {
        var store = Filled();
        using var ticket = Members.Ticket();

        using var found = KeyStore.Open(_home).TryLoadTicket("plans");

        Assert.NotNull(found);
        Assert.Equal("tablet", found.DisplayName);
        Assert.Equal(ticket.ToText(), found.Ticket.ToText());
        Assert.Equal(["plans"], store.PendingNames);
        Assert.Null(store.TryLoadTicket("other"));
    }

    [Fact]
    public void A_ticket_left_beside_its_secret_by_a_crash_is_cleared_away()
    {
        var store = Filled();
        var path = Path.Combine(store.Folder, "plans.ticket");
        var left = File.ReadAllBytes(path);
        using var secret = Members.Secret();
        store.StoreSecret("plans", Members.Space, secret);
        File.WriteAllBytes(path, left);

        Assert.Empty(store.PendingNames);
        Assert.Null(store.TryLoadTicket("plans"));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Half_a_file_left_by_a_crash_is_overwritten()
    {
        var store = KeyStore.Open(_home);
        File.WriteAllText(Path.Combine(store.Folder, "device.key.new"), "half");

        using var made = store.LoadOrCreateDevice();

        Assert.Equal(["device.key"], Directory.GetFiles(store.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_secret_is_never_replaced_by_another_and_storing_it_twice_is_harmless()
    {
        var store = Filled();
        using var secret = Members.Secret();
        using var other = Members.OtherSecret();

        store.StoreSecret("notes", Members.Space, secret);

        Assert.Equal("REPLICA_SPACE_EXISTS", Code(() => store.StoreSecret("notes", Members.Space, other)));
        Assert.Equal("REPLICA_SPACE_EXISTS", Code(() => store.StoreSecret("notes", Members.OtherSpace, secret)));
        using var ticket = Members.Ticket();
        Assert.Equal("REPLICA_SPACE_EXISTS", Code(() => store.StoreTicket("notes", new PendingJoin(ticket, ""))));
    }

    [Fact]
    public void A_damaged_file_is_named_and_never_replaced()
    {
        var store = Filled();
        foreach (var path in Directory.GetFiles(store.Folder))
        {
            var bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, bytes[..^1]);
        }

        Assert.Equal("REPLICA_KEY_DAMAGED", Code(() => store.LoadOrCreateDevice()));
        Assert.Equal("REPLICA_KEY_DAMAGED", Code(() => store.TryLoadSecret("notes")));
        Assert.Equal("REPLICA_KEY_DAMAGED", Code(() => store.TryLoadTicket("plans")));
        Assert.Equal(31, new FileInfo(Path.Combine(store.Folder, "device.key")).Length);
    }

    [Fact]
    public void D2_a_key_file_of_any_length_is_refused_unread()
    {
        var store = Filled();
        using (var file = File.OpenWrite(Path.Combine(store.Folder, "notes.secret")))
        {
            file.SetLength(1L << 32);
        }

        Assert.Equal("REPLICA_KEY_DAMAGED", Code(() => store.TryLoadSecret("notes")));
    }

    [Fact]
    public void A_file_that_can_not_be_used_is_named_with_its_cause()
    {
        var store = KeyStore.Open(_home);
        Directory.CreateDirectory(Path.Combine(store.Folder, "device.key.new", "x"));

        var error = Assert.Throws<MembershipException>(() => store.LoadOrCreateDevice());

        Assert.Equal("REPLICA_KEY_UNAVAILABLE", error.Code);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public void A_device_key_that_can_not_be_read_is_not_taken_for_a_missing_one()
    {
        var store = KeyStore.Open(_home);
        Directory.CreateDirectory(Path.Combine(store.Folder, "device.key"));

        Assert.Equal("REPLICA_KEY_UNAVAILABLE", Code(() => store.LoadOrCreateDevice()));
        Assert.Empty(Directory.GetFiles(store.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../notes")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData(".hidden")]
    public void T8_a_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        var store = Filled();
        using var secret = Members.Secret();

        Assert.Throws<ArgumentException>(() => store.StoreSecret(name, Members.Space, secret));
        Assert.Throws<ArgumentException>(() => store.TryLoadSecret(name));
        Assert.Throws<ArgumentException>(() => store.TryLoadTicket(name));
        Assert.Throws<ArgumentException>(() => store.DeleteTicket(name));
    }

    [Fact]
    public void A_display_name_that_no_join_could_carry_is_refused_at_once()
    {
        var store = KeyStore.Open(_home);
        using var ticket = Members.Ticket();

        Assert.Throws<EncodingException>(() => store.StoreTicket("plans", new PendingJoin(ticket, new string('x', 257))));
    }

    private static string Code(Action action) => Assert.Throws<MembershipException>(action).Code;

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    private KeyStore Filled()
    {
        var store = KeyStore.Open(_home);
        store.LoadOrCreateDevice().Dispose();
        using var secret = Members.Secret();
        store.StoreSecret("notes", Members.Space, secret);
        using var ticket = Members.Ticket();
        store.StoreTicket("plans", new PendingJoin(ticket, "tablet"));
        return store;
    }
}
