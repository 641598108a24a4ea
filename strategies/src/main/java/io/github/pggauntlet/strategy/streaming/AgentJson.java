package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.postgres.Lsn;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** How agents write JSON: what they are told, what they say of themselves, what they record. */
final class AgentJson {

    private AgentJson() {}

    static JsonMapper mapper() {
        SimpleModule module = new SimpleModule("pg-gauntlet")
                .addSerializer(Lsn.class, new StdSerializer<>(Lsn.class) {
                    @Override
                    public void serialize(Lsn value, JsonGenerator out, SerializationContext context) {
                        out.writeString(value.toString());
                    }
                })
                .addDeserializer(Lsn.class, new StdDeserializer<>(Lsn.class) {
                    @Override
                    public Lsn deserialize(JsonParser in, DeserializationContext context) {
                        return Lsn.parse(in.getString());
                    }
                })
                .addSerializer(Secret.class, new StdSerializer<>(Secret.class) {
                    @Override
                    public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
                        out.writeString(value.reveal());
                    }
                })
                .addDeserializer(Secret.class, new StdDeserializer<>(Secret.class) {
                    @Override
                    public Secret deserialize(JsonParser in, DeserializationContext context) {
                        return new Secret(in.getString());
                    }
                });
        // A newer agent may say more than an older one knows of.
        return JsonMapper.builder()
                .addModule(module)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }
}
