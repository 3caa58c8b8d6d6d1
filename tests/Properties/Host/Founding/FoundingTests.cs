using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing;
using Replica.Tests.Properties.Host.Embedding;
using Replica.Tests.Properties.Store.Crashes;
using Replica.Tests.Properties.Store.Disks;
using Xunit;

namespace Replica.Tests.Properties.Host.Founding;

/// <summary>
/// A founding makes a file, commits its first change and then keeps the secret. Whatever it was interrupted at, the home opens,
/// and there is either no space of that name, which can be founded again, or a whole one whose secret is kept.
/// </summary>
public sealed class FoundingTests : IDisposable
{
    private const string Name = "main";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_founding_that_was_cut_off_at_any_disk_operation_is_taken_up_or_forgotten_by_the_next_start()
    {
        var operations = await FoundOnSimulatedDiskAsync();
        var cut = new PowerCut(new Chance(1));
        var (forgotten, takenUp) = (0, 0);
        for (var at = 0; at <= operations.Length; at++)
        {
            foreach (var image in new[] { cut.AfterKill(), cut.AfterPowerCut() })
            {
                foreach (var (path, content) in image)
                {
                    await File.WriteAllBytesAsync(FileOf(path), content);
                }

                try
                {
                    _ = await CheckAsync() ? takenUp++ : forgotten++;
                }
                catch (Exception fault)
                {
                    Assert.Fail($"Cut off after {at} of {operations.Length} disk operations, with {string.Join(", ", image.Keys)}: {fault}");
                }
            }

            if (at < operations.Length)
            {
                cut.Follow(operations[at]);
            }
        }

        Assert.True(forgotten > 0 && takenUp > 0, $"{forgotten} forgotten, {takenUp} taken up");
    }

    [Fact]
    public async Task A_founding_that_was_killed_before_its_secret_was_kept_is_taken_up_in_the_same_log()
    {
        await using (var home = await OpenAsync())
        {
            _ = await home.CreateSpaceAsync(Name);
        }

        File.Delete(Path.Combine(_folder.Home, "keys", Name + ".secret"));
        await using (var home = await OpenAsync())
        {
            Assert.Null((await home.GetSpace(Name).GetStatusAsync()).Incarnation);
        }

        Assert.True(await CheckAsync());
    }

    [Fact]
    public async Task A_founding_whose_secret_could_not_be_kept_leaves_nothing_and_can_be_repeated()
    {
        await using var home = await OpenAsync();
        // In the way of the file that the secret is to be kept in.
        var inTheWay = Directory.CreateDirectory(Path.Combine(_folder.Home, "keys", Name + ".secret"));

        var fault = await Assert.ThrowsAsync<ReplicaException>(() => home.CreateSpaceAsync(Name));

        Assert.Equal("REPLICA_KEY_UNAVAILABLE", fault.Code);
        Assert.Empty(home.SpaceNames);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Home), static file => Path.GetFileName(file).StartsWith(Name, StringComparison.Ordinal));
        inTheWay.Delete();
        var space = await home.CreateSpaceAsync(Name);
        Assert.NotEmpty((await space.InviteAsync(new InviteOptions())).Ticket);
    }

    /// <summary>Founds a space of the home's own device where every operation is written down.</summary>
    private async Task<DiskOperation[]> FoundOnSimulatedDiskAsync()
    {
        await using (await OpenAsync())
        {
            // Makes the device's key.
        }

        using var disk = new SimulatedDisk();
        using var device = KeyStore.Open(_folder.Home).LoadOrCreateDevice();
        var engine = SqliteEngine.Open($"/{Name}.db", mayCreate: true, new SqliteSettings { FileSystem = disk.Name });
        var options = new SpaceStoreOptions("laptop", TimeProvider.System, static () => new(7));
        await using (var store = new SpaceStore(engine, new DeviceIdentity(device), options))
        {
            _ = await store.FoundAsync(Durability.Full, CancellationToken.None);
            // What closing asks of the disk is no part of it.
            return [.. disk.Operations];
        }
    }

    /// <summary>Opens what is there, uses it, opens it again, and removes it.</summary>
    /// <returns>Whether the space that was there was taken up.</returns>
    private async Task<bool> CheckAsync()
    {
        bool wasThere;
        string id;
        await using (var home = await OpenAsync())
        {
            wasThere = home.SpaceNames.Contains(Name);
            var space = wasThere ? home.GetSpace(Name) : await home.CreateSpaceAsync(Name);
            id = space.Id.ToString();
            _ = await space.WriteAsync([new Mutation.PutNode("page/home", null, [])]);
            Assert.Equal(Role.Admin, (await space.GetStatusAsync()).Role);
            Assert.NotEmpty((await space.InviteAsync(new InviteOptions())).Ticket);
        }

        await using (var home = await OpenAsync())
        {
            var space = home.GetSpace(Name);
            Assert.Equal(id, space.Id.ToString());
            Assert.NotNull(await space.GetNodeAsync("page/home"));
            Assert.NotEmpty((await space.InviteAsync(new InviteOptions())).Ticket);
        }

        foreach (var file in Directory.GetFiles(_folder.Home, Name + ".*").Concat(Directory.GetFiles(Path.Combine(_folder.Home, "keys"), Name + ".*")))
        {
            File.Delete(file);
        }

        return wasThere;
    }

    private Task<ReplicaHome> OpenAsync() => ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = _folder.Home });

    private string FileOf(string path) => Path.Combine(_folder.Home, Path.GetFileName(path));
}
