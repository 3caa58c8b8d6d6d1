using Replica.Transport.Polling;
using Xunit;

namespace Replica.Tests.Properties.Transport;

public sealed class ByteBufferTests
{
    [Fact]
    public async Task What_is_written_is_read_whole_however_it_is_cut()
    {
        var buffer = new ByteBuffer();
        var reading = ReadAllAsync(buffer);
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(await buffer.WriteAsync(new byte[4096]));
            if (i % 7 == 0)
            {
                await Task.Yield();
            }
        }

        buffer.End();

        Assert.Equal(2000 * 4096, await reading);
    }

    private static async Task<int> ReadAllAsync(ByteBuffer buffer)
    {
        var total = 0;
        var part = new byte[65_536];
        while (true)
        {
            var length = await buffer.ReadAsync(part, default);
            total += length;
            if (length == 0)
            {
                return total;
            }

            await Task.Yield();
        }
    }
}
