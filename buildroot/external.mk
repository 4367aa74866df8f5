# SPDX-License-Identifier: MIT
include $(sort $(wildcard $(BR2_EXTERNAL_RPMSG_SDB_PATH)/package/*/*.mk))
