using Replica.Peer.Sync;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>Whatever comes, a side answers with a fault of the channels or goes on; never with anything else.</summary>
public sealed class ChannelFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Damaged_plaintexts_give_a_channel_fault_or_pass()
    {
        foreach (var seed in Chance.Seeds(1000))
        {
            var chance = new Chance(seed);
            var b = new Side(false).ConsumingAll();
            try
            {
                foreach (var plaintext in Honest(chance))
                {
                    b.On(Damaged(plaintext, chance), chance.Below(10_000));
                }
            }
            catch (ChannelException fault)
            {
                Assert.True(Enum.IsDefined(fault.Reason));
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                output.WriteLine($"Seed {seed}; replay with REPLICA_SEED={seed}.");
                throw;
            }

            Assert.True(b.Channels.BufferedBytes < 1024 * 1024, $"Seed {seed}: {b.Channels.BufferedBytes} bytes are kept.");
            b.Channels.Dispose();
        }
    }

    [Fact]
    public void A_plaintext_cut_at_any_byte_gives_a_channel_fault_or_ends_between_two_units()
    {
        var plaintext = Honest(new Chance(1)).First(p => p.Length is > 100 and < 5000);
        for (var length = 0; length < plaintext.Length; length++)
        {
            var b = new Side(false);
            try
            {
                b.On(plaintext[..length]);
            }
            catch (ChannelException fault)
            {
                Assert.True(fault.Reason is ChannelFault.UnitCut or ChannelFault.PlaintextLength, $"{length}: {fault.Message}");
            }
        }
    }

    [Fact]
    public void Noise_gives_a_channel_fault_or_passes()
    {
        foreach (var seed in Chance.Seeds(1000))
        {
            var chance = new Chance(seed);
            var b = new Side(false).ConsumingAll();
            try
            {
                for (var i = 0; i < 20; i++)
                {
                    var noise = chance.Bytes(1 + chance.Below(40));
                    // Small numbers come through further.
                    b.On([.. noise.Select(n => chance.Below(2) == 0 ? n : (byte)(n % 8))]);
                }
            }
            catch (ChannelException)
            {
                // What was due.
            }
            catch (Exception exception)
            {
                output.WriteLine($"Seed {seed}; replay with REPLICA_SEED={seed}.");
                throw new InvalidOperationException($"Seed {seed}", exception);
            }
        }
    }

    private static List<byte[]> Honest(Chance chance)
    {
        var (a, b) = Side.Pair();
        b.ConsumingAll();
        var plaintexts = new List<byte[]>();
        a.Channels.SendControl(new ControlMessage.Hello(1, 1, 0, new InstanceId(chance.Next()), 1));
        int[] channels = [a.Channels.Open(), a.Channels.Open(), a.Channels.Open()];
        for (var round = 0; round < 4; round++)
        {
            a.Channels.SendControl(new ControlMessage.Ping(chance.Next()));
            foreach (var channel in channels)
            {
                a.Channels.Send(channel, new byte[1 + chance.Below(1 << (1 + chance.Below(14)))]);
            }

            if (chance.Below(3) == 0)
            {
                a.Channels.Close(channels[chance.Below(3)]);
            }

            while (a.Channels.HasOutput)
            {
                plaintexts.Add(a.Take(1024 + chance.Below(4096)));
            }
        }

        return plaintexts;
    }

    private static byte[] Damaged(byte[] plaintext, Chance chance)
    {
        byte[] copy = [.. plaintext];
        switch (chance.Below(8))
        {
            case 0:
                copy[chance.Below(copy.Length)] = (byte)chance.Below(256);
                break;
            case 1:
                copy[chance.Below(Math.Min(8, copy.Length))] ^= (byte)(1 << chance.Below(8));
                break;
            case 2:
                copy = copy[..chance.Below(copy.Length)];
                break;
            case 3:
                copy = [.. copy, .. copy[..chance.Below(copy.Length)]];
                break;
        }

        return copy;
    }
}
